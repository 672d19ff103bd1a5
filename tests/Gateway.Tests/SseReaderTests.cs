using System.Text;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Tests;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "a|b")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "a|b")]
    [InlineData("data: a\r\rdata: b\r\r", "a|b")]
    [InlineData("data:a\n\ndata:  b\n\n", "a| b")]
    [InlineData("data: one\ndata: two\ndata:\n\n", "one\ntwo\n")]
    [InlineData(": a comment\n\ndata: a\n: another\n\n", "a")]
    [InlineData("event: x\nid: 7\nretry: 10\ndata: a\n\n", "a")]
    [InlineData("data\n\ndatabase: no\n\ndata: a\n\n", "|a")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData("data: a\n\n\n\n\ndata: b\n\n", "a|b")]
    [InlineData("data: مرحبا\n\ndata: Xin chào 🙂\n\n", "مرحبا|Xin chào 🙂")]
    [InlineData("data: whole line without a blank one\n", "whole line without a blank one")]
    [InlineData("data: a\n\ndata: [DONE]", "a|[DONE]")]
    [InlineData("data: a\n\ndata: {\"cut\":", "a")]
    [InlineData("", "")]
    public async Task Events_are_the_same_however_the_bytes_are_torn(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var piece = 1; piece <= Math.Max(1, bytes.Length); piece++)
            string.Join('|', await ReadAsync(new TornStream(bytes, piece))).ShouldBe(expected, $"in pieces of {piece}");
    }

    [Fact]
    public async Task A_line_of_nearly_the_limit_is_read()
    {
        var text = new string('x', 1_000_000);

        var events = await ReadAsync(new TornStream(Encoding.UTF8.GetBytes($"data: {text}\n\ndata: after\n\n"), 70_001));

        events.ShouldBe([text, "after"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_beyond_the_limit_is_refused_whether_or_not_it_ends(bool ends)
    {
        var bytes = Encoding.UTF8.GetBytes($"data: {new string('x', 3_000_000)}{(ends ? "\n\n" : "")}");

        await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(new TornStream(bytes, 65_536)));
    }

    [Fact]
    public async Task Many_lines_do_not_get_around_the_limit()
    {
        var line = $"data: {new string('x', 100_000)}\n";

        await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(new TornStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 20)) + "\n"), 65_536)));
    }

    [Fact]
    public async Task Comments_count_as_signs_of_life()
    {
        var progress = 0;
        using var reader = new SseReader(new TornStream(Encoding.UTF8.GetBytes(": ping\n: ping\ndata: a\n\n"), 7), () => progress++);

        await reader.ReadAsync(CancellationToken.None);

        progress.ShouldBeGreaterThan(2);
    }

    static async Task<List<string>> ReadAsync(Stream stream)
    {
        using var reader = new SseReader(stream);
        var events = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None) is { } data)
            events.Add(Encoding.UTF8.GetString(data.Span));
        return events;
    }

    /// <summary>Gives at most so many bytes at a time, as a network does.</summary>
    sealed class TornStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
