using System.Diagnostics;

namespace JeanTrail.Bench;

/// <summary>Many streamed answers at once, each at the pace of a fast model: nothing may be dropped and the pace must hold.</summary>
internal static class StreamsRun
{
    const int Streams = 500;
    const int Tokens = 1_000;
    const double TokensPerSecond = 50;

    public static async Task<int> RunAsync(string[] args)
    {
        await using var upstream = await UpstreamProcess.StartAsync(Tokens, TokensPerSecond);
        await using var server = await Server.StartAsync();
        var model = await server.ConnectAsync(upstream.Address, UpstreamProcess.Model);
        var conversations = new List<Guid>();
        for (var i = 0; i < Streams; i++)
            conversations.Add(await server.NewConversationAsync());

        var watch = Stopwatch.StartNew();
        var seen = await Task.WhenAll(conversations.Select(async (conversation, number) =>
        {
            // Spread over the first second: people do not press Enter in the same millisecond.
            await Task.Delay(number * 2);
            return await EventStream.TurnAsync(server, conversation, model, "Go on");
        }));
        var elapsed = watch.Elapsed;

        var expected = UpstreamProcess.Text(Tokens);
        var whole = seen.Count(each => each.Status == "completed" && each.Text == expected);
        var ideal = Tokens / TokensPerSecond * 1_000;
        var memory = server.MeasureMemory();
        foreach (var broken in seen.Where(each => each.Status != "completed" || each.Text != expected).GroupBy(each => each.Status))
            Console.WriteLine($"{broken.Count()} streams ended as '{broken.Key}', the shortest after {broken.Min(each => each.Text.Length)} of {expected.Length} characters");
        Console.WriteLine(Machine.Row("first token", [.. seen.Select(each => each.FirstTokenMs)]));
        Console.WriteLine(Machine.Row("longest gap in a stream", [.. seen.Select(each => each.WorstGapMs)]));
        Console.WriteLine(Machine.Row("whole answer", [.. seen.Select(each => each.TotalMs)]));
        Console.WriteLine($"{whole} of {Streams} streams whole; {Streams * Tokens / elapsed.TotalSeconds:0} tokens/s; an undisturbed answer takes {ideal:0} ms; server {memory.Server:0} MB, PostgreSQL {memory.Postgres:0} MB");
        return Machine.Verdict("500 streams at 50 tokens/s without a drop", whole == Streams)
            | Machine.Verdict("the pace holds: p95 of the whole answers within 10 % of the upstream's own", Machine.Quantile(seen.Select(each => each.TotalMs), .95) < ideal * 1.1);
    }
}
