using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Models.Gguf;
using JeanTrail.Testing.Gguf;

namespace JeanTrail.Models.Tests.Gguf;

public sealed class GgufReaderTests
{
    [Theory]
    [InlineData("qwen3", GgufType.F16, TinyPurpose.Chat, "F16")]
    [InlineData("qwen3moe", GgufType.Q8_0, TinyPurpose.Chat, "Q8_0")]
    [InlineData("llama", GgufType.Q4_K, TinyPurpose.Chat, "Q4_K")]
    [InlineData("qwen3", GgufType.F16, TinyPurpose.Embedding, "F16")]
    [InlineData("qwen3", GgufType.F16, TinyPurpose.Rerank, "F16")]
    public void What_a_file_says_of_itself_is_read(string architecture, GgufType type, TinyPurpose purpose, string quantisation)
    {
        var header = Read(new TinyModel(architecture, type, purpose).ToBytes());

        (header.Architecture, header.Quantisation, header.Layers, header.TrainContext).ShouldBe((architecture, quantisation, 2, 4096));
        header.ContextBytes.ShouldBe(2L * 2 * (64 + 64) * 2, "layers, cached heads, key and value, two bytes each");
        header.HasClassifier.ShouldBe(purpose == TinyPurpose.Rerank);
        header.Licence.ShouldBe("MIT");
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused_with_a_reason()
    {
        var whole = new TinyModel().ToBytes();
        for (var length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 200))
            Should.Throw<GgufException>(() => Read(whole[..length]), $"cut after {length} bytes").Message.ShouldNotBeEmpty();
        Should.Throw<GgufException>(() => Read(whole[..^64])).Message.ShouldContain("not whole");
    }

    [Fact]
    public void Whatever_bytes_come_nothing_worse_happens_than_a_refusal()
    {
        var whole = new TinyModel().ToBytes();
        var head = whole.AsSpan(0, 8192).ToArray();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll((int at, int second, byte value) =>
        {
            var bytes = (byte[])whole.Clone();
            bytes[(int)((uint)at % (uint)head.Length)] = value;
            bytes[(int)((uint)second % (uint)head.Length)] = (byte)(value ^ 0xA5);
            try
            {
                _ = Read(bytes);
            }
            catch (GgufException)
            {
                // The one permitted way to fail.
            }
        }));
    }

    [Theory]
    [InlineData(8, "more than any model")]
    [InlineData(16, "more than any model")]
    public void A_count_that_nobody_means_is_refused_before_memory_is_taken(int at, string reason)
    {
        var bytes = new TinyModel().ToBytes();
        bytes.AsSpan(at, 8).Fill(0x7F);

        Should.Throw<GgufException>(() => Read(bytes)).Message.ShouldContain(reason);
    }

    [Fact]
    public void Something_else_is_no_model()
        => Should.Throw<GgufException>(() => Read("#!/bin/sh\nrm -rf /\n"u8.ToArray())).Message.ShouldBe("This is no GGUF file.");

    static GgufHeader Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return GgufReader.Read(stream);
    }
}
