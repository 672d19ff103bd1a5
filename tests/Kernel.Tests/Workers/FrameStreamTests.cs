using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Kernel.Workers;

namespace JeanTrail.Kernel.Tests.Workers;

public sealed class FrameStreamTests
{
    [Fact]
    public void Any_frames_written_one_after_the_other_are_read_back_the_same()
        => Check.QuickThrowOnFailure(Prop.ForAll((byte[][] payloads, uint id) =>
        {
            using var stream = new MemoryStream();
            foreach (var payload in payloads)
                stream.Write(FrameStream.Encode(FrameType.Chunk, id, payload));
            stream.Position = 0;
            foreach (var payload in payloads)
            {
                var frame = FrameStream.Read(stream).ShouldNotBeNull();
                (frame.Type, frame.CallId).ShouldBe((FrameType.Chunk, id));
                frame.Payload.Span.SequenceEqual(payload).ShouldBeTrue();
            }
            FrameStream.Read(stream).ShouldBeNull();
        }));

    [Fact]
    public void A_frame_that_is_cut_anywhere_is_an_error_and_not_the_end()
    {
        var whole = FrameStream.Encode(FrameType.Event, 7, "{\"a\":1}"u8);
        for (var length = 1; length < whole.Length; length++)
        {
            using var stream = new MemoryStream(whole, 0, length);
            Should.Throw<FrameException>(() => FrameStream.Read(stream), $"cut after {length} bytes");
        }
    }

    [Theory]
    [InlineData("Hello from a library that prints\n")]
    [InlineData("\u00F5 unlucky")]
    public void Text_on_stdout_is_noticed_at_once(string text)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        Should.Throw<FrameException>(() => FrameStream.Read(stream));
    }

    [Fact]
    public void Random_bytes_never_do_more_than_fail()
        => Check.QuickThrowOnFailure(Prop.ForAll((byte[] noise, bool magic) =>
        {
            using var stream = new MemoryStream(magic ? [0xF5, .. noise] : noise);
            try
            {
                while (FrameStream.Read(stream) is not null)
                {
                }
            }
            catch (FrameException)
            {
                // The one permitted way to fail.
            }
        }));

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(255)]
    public void An_unknown_type_is_an_error(byte type)
    {
        var bytes = FrameStream.Encode(FrameType.Ping, 0, []);
        bytes[1] = type;
        using var stream = new MemoryStream(bytes);
        Should.Throw<FrameException>(() => FrameStream.Read(stream));
    }

    [Fact]
    public void A_length_that_nobody_means_is_refused_before_memory_is_taken()
    {
        var bytes = FrameStream.Encode(FrameType.Chunk, 0, []);
        bytes.AsSpan(6).Fill(0xFF);
        using var stream = new MemoryStream(bytes);
        Should.Throw<FrameException>(() => FrameStream.Read(stream));
    }
}
