using System.Text;
using JeanTrail.Chat.Transfer.Import;

namespace JeanTrail.Chat.Tests;

public sealed class JsonItemsTests
{
    [Theory]
    [InlineData("[]", "")]
    [InlineData("[1]", "1")]
    [InlineData(" [ 1 , \"a,]\" , {\"x\":[1,2]} , null ] trailing", "1;\"a,]\";{\"x\":[1,2]};null")]
    [InlineData("\uFEFF[1,2]", "1;2")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("{\"format\":\"jeantrail.chat\",\"version\":1,\"conversations\":[{\"a\":1},{\"b\":2}]}", "{\"a\":1};{\"b\":2}")]
    [InlineData("{\"format\":\"other\",\"conversations\":[1,2]}", "{\"format\":\"other\",\"conversations\":[1,2]}")]
    public async Task Items_are_found_however_the_bytes_come(string json, string items)
    {
        foreach (var piece in new[] { 1, 3, 7, 100_000 })
            (await ReadAsync(json, piece)).ShouldBe(items, $"{piece} bytes at a time");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("[1,")]
    [InlineData("[1 2]")]
    [InlineData("[1,,2]")]
    [InlineData("[{\"a\":}]")]
    [InlineData("[{\"a\":1]")]
    [InlineData("{\"a\":1")]
    public async Task What_is_damaged_is_said_to_be(string json) => await Should.ThrowAsync<JsonItemsException>(() => ReadAsync(json, 3));

    [Fact]
    public async Task An_item_that_is_too_large_is_gone_past()
    {
        var large = "{\"x\":[" + string.Join(',', Enumerable.Repeat("\"0123456789\"", 40_000)) + "]}";
        (await ReadAsync($"[1,{large},2]", 1_000, 100_000)).ShouldBe("1;too large;2");
    }

    [Fact]
    public async Task Nesting_without_end_is_damage_and_not_the_end_of_the_server()
        => await Should.ThrowAsync<JsonItemsException>(() => ReadAsync(new string('[', 100_000), 65_536));

    [Fact]
    public async Task Fifty_megabytes_are_read_in_as_much_memory_as_one_conversation_needs()
    {
        await using var stream = new PieceStream(ExportSamples.Large(50_000_000));
        var items = new JsonItems(stream, 64 << 20);
        var count = 0;
        await foreach (var item in items.ReadAsync(default))
        {
            item.Document!.Dispose();
            count++;
        }

        count.ShouldBeGreaterThan(1_000);
        items.Position.ShouldBeGreaterThan(50_000_000);
        items.BufferBytes.ShouldBeLessThanOrEqualTo(256 * 1024);
    }

    static async Task<string> ReadAsync(string json, int piece, int max = 10_000_000)
    {
        await using var stream = new PieceStream(Encoding.UTF8.GetBytes(json).Chunk(piece));
        var read = new List<string>();
        await foreach (var item in new JsonItems(stream, max).ReadAsync(default))
        {
            using var document = item.Document;
            read.Add(document?.RootElement.GetRawText() ?? "too large");
        }

        return string.Join(';', read);
    }

    sealed class PieceStream(IEnumerable<byte[]> pieces) : Stream
    {
        readonly IEnumerator<byte[]> next = pieces.GetEnumerator();
        ReadOnlyMemory<byte> rest;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (rest.Length == 0)
            {
                if (!next.MoveNext())
                    return ValueTask.FromResult(0);
                rest = next.Current;
            }

            var count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            rest = rest[count..];
            return ValueTask.FromResult(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            next.Dispose();
            base.Dispose(disposing);
        }
    }
}
