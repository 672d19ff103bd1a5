namespace JeanTrail.Bench;

/// <summary>Time to the first streamed token: the upstream called directly, and through a whole chat turn, in turn.</summary>
internal static class OverheadRun
{
    const int Tokens = 20;
    const int WarmUp = 400;
    const int Counted = 500;

    public static async Task<int> RunAsync(string[] args)
    {
        await using var upstream = await UpstreamProcess.StartAsync(Tokens, 0);
        await using var server = await Server.StartAsync();
        using var direct = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var model = await server.ConnectAsync(upstream.Address, UpstreamProcess.Model);

        var straight = new List<double>();
        var through = new List<double>();
        var conversation = Guid.Empty;
        for (var i = -WarmUp; i < Counted; i++)
        {
            // A few turns each, as people do; a conversation of hundreds would measure the length of its context.
            if (i % 10 == 0)
                conversation = await server.NewConversationAsync();
            // What the server still does for the turn before (saving it, telling other windows) is not this one's.
            await Task.Delay(20);
            var one = await EventStream.DirectAsync(direct, upstream.Address, UpstreamProcess.Model, "Tell me something long");
            var two = await EventStream.TurnAsync(server, conversation, model, "Tell me something long");
            if (one.Text != two.Text || two.Status != "completed")
                throw new InvalidOperationException($"The answers differ: '{two.Text}' ({two.Status}).");
            if (i < 0)
                continue;
            straight.Add(one.FirstTokenMs);
            through.Add(two.FirstTokenMs);
        }

        var added = through.Zip(straight, (with, without) => with - without).ToList();
        Console.WriteLine(Machine.Row("direct: first token", straight));
        Console.WriteLine(Machine.Row("through a turn: first token", through));
        Console.WriteLine(Machine.Row("added, pair by pair", added));
        Console.WriteLine("a turn is stored and committed (with fsync) before the upstream is asked; load, upstream, server and PostgreSQL share the machine");
        return Machine.Verdict("p95 of the time added before the first token under 5 ms", Machine.Quantile(added, .95) < 5);
    }
}
