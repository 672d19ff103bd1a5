using System.Diagnostics;
using System.Globalization;
using JeanTrail.Bench.Wire;

namespace JeanTrail.Bench;

/// <summary>
/// The gateway beside its peers: the same canned upstream called directly, through nginx, through the least ASP.NET Core can do, through a
/// Node peer, and through <c>/v1</c> with a key, limits, usage and traces on. Load and upstream have one processor, the contender the other.
/// </summary>
internal static class GatewayRun
{
    const int Connections = 64;
    const int PacedStreams = 2_000;
    static int MostWindows = 20;

    static TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    static TimeSpan Counted = TimeSpan.FromSeconds(6);
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(string[] args)
    {
        var all = args is not ["quick"];
        if (!all)
            (WarmUp, Counted, MostWindows) = (WarmUp / 2, Counted / 3, 1);
        using var upstream = new CannedUpstream(TimeSpan.Zero);
        HttpBytes.Extra = $"x-portkey-provider: openai\r\nx-portkey-custom-host: http://127.0.0.1:{upstream.Port}/v1\r\n";
        var home = Environment.GetEnvironmentVariable("JEAN_HOME") ?? ".";
        var direct = new Contender("upstream itself", upstream.Port, "/v1/chat/completions", null);
        var rows = new List<Figures> { await MeasureAsync(direct) };
        if (args is ["soak", .. var rest])
            return await SoakAsync(upstream, TimeSpan.FromMinutes(rest is [var minutes] ? double.Parse(minutes, CultureInfo.InvariantCulture) : 30));
        await using (var bare = await Contender.PassThroughAsync(upstream.Port))
            rows.Add(await MeasureAsync(bare));
        await using (var nginx = all ? await Contender.NginxAsync(upstream.Port) : null)
        {
            if (nginx is not null)
                rows.Add(await MeasureAsync(nginx));
        }

        await using (var peer = all ? await Contender.PeerAsync(home) : null)
        {
            if (peer is not null)
                rows.Add(await MeasureAsync(peer));
        }

        await using var ours = await OurGateway.StartAsync(upstream.Port);
        rows.Add(await MeasureAsync(ours.Contender));
        Print(rows);
        var streams = await PacedAsync();
        return Verdicts(rows, streams);
    }

    static async Task<Figures> MeasureAsync(Contender contender)
    {
        var body = HttpBytes.Post(contender.Port, contender.Path, contender.Key, Request(contender.Model, stream: false));
        var streamed = HttpBytes.Post(contender.Port, contender.Path, contender.Key, Request(contender.Model, stream: true));
        await WarmUpAsync(contender.Port, body, stream: false);
        var whole = await LoadClient.RunAsync(contender.Port, body, stream: false, Connections, Counted);
        var half = await LoadClient.RunAsync(contender.Port, body, stream: false, Connections, Counted, whole.PerSecond / 2);
        await WarmUpAsync(contender.Port, streamed, stream: true);
        var streams = await LoadClient.RunAsync(contender.Port, streamed, stream: true, Connections, Counted);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{contender.Name,-20} {whole.PerSecond,9:0} req/s  at half of it p50 {half.P50,6:0.000} ms p99 {half.P99,7:0.000} ms   {streams.PerSecond,7:0} streams/s   bad {whole.Bad + half.Bad + streams.Bad}   {contender.MegaBytes:0} MB"));
        foreach (var (reason, count) in LoadClient.Faults)
            Console.WriteLine($"    {count} times: {reason}");
        LoadClient.Faults.Clear();
        return new Figures(contender.Name, whole.PerSecond, half, streams.PerSecond, whole.Bad + half.Bad + streams.Bad);
    }

    /// <summary>Until it is no longer getting faster: on one busy processor, compiling what is hot takes minutes.</summary>
    static async Task WarmUpAsync(int port, byte[] request, bool stream)
    {
        var best = 0.0;
        for (int windows = 0, without = 0; windows < MostWindows && without < 3; windows++)
        {
            var rate = (await LoadClient.RunAsync(port, request, stream, Connections, WarmUp)).PerSecond;
            without = rate > best * 1.03 ? 0 : without + 1;
            best = Math.Max(best, rate);
        }
    }

    internal static string Request(string model, bool stream)
        => $$"""{"model":"{{model}}","messages":[{"role":"system","content":"You are brief."},{"role":"user","content":"How is the harbour this morning?"}]{{(stream ? ",\"stream\":true" : "")}}}""";

    /// <summary>Many slow streams on all processors: nothing may be lost, and the pace must be the upstream's.</summary>
    static async Task<PacedFigures> PacedAsync()
    {
        using var slow = new CannedUpstream(Pace);
        await using var ours = await OurGateway.StartAsync(slow.Port, pinned: false);
        var through = await OpenStreamsAsync(ours.Contender);
        var direct = await OpenStreamsAsync(new Contender("upstream itself", slow.Port, "/v1/chat/completions", null));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{PacedStreams} streams at once: {through.Count(each => each.Ok)} whole, p95 {Machine.Quantile(through.Select(each => each.Ms), .95):0} ms; directly {direct.Count(each => each.Ok)} whole, p95 {Machine.Quantile(direct.Select(each => each.Ms), .95):0} ms; server {ours.Contender.MegaBytes:0} MB"));
        return new PacedFigures(through.Count(each => each.Ok), Machine.Quantile(through.Select(each => each.Ms), .95) / Machine.Quantile(direct.Select(each => each.Ms), .95));
    }

    static async Task<(bool Ok, double Ms)[]> OpenStreamsAsync(Contender contender)
    {
        var request = HttpBytes.Post(contender.Port, contender.Path, contender.Key, Request(contender.Model, stream: true));
        return await Task.WhenAll(Enumerable.Range(0, PacedStreams).Select(async number =>
        {
            await Task.Delay(number);
            using var socket = await LoadClient.ConnectAsync(contender.Port);
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            var (ok, _) = await LoadClient.ReadAsync(socket, new byte[8 * 1024], stream: true, sent);
            return (ok, Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }));
    }

    /// <summary>Memory at four fifths of saturation, minute by minute, and its slope over the second half.</summary>
    static async Task<int> SoakAsync(CannedUpstream upstream, TimeSpan time)
    {
        await using var ours = await OurGateway.StartAsync(upstream.Port);
        var contender = ours.Contender;
        var body = HttpBytes.Post(contender.Port, contender.Path, contender.Key, Request(contender.Model, stream: false));
        await WarmUpAsync(contender.Port, body, stream: false);
        var full = await LoadClient.RunAsync(contender.Port, body, stream: false, Connections, Counted);
        var memory = new List<double>();
        var (answers, bad) = (0d, 0);
        for (var minute = 1; minute <= time.TotalMinutes; minute++)
        {
            var result = await LoadClient.RunAsync(contender.Port, body, stream: false, Connections, TimeSpan.FromMinutes(1), full.PerSecond * 0.8);
            (answers, bad) = (answers + result.Latencies.Count, bad + result.Bad);
            memory.Add(contender.MegaBytes);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"minute {minute,3}: {result.PerSecond,7:0} req/s, p99 {result.P99,7:0.000} ms, {memory[^1]:0.0} MB"));
        }

        var half = memory[(memory.Count / 2)..];
        var mean = (half.Count - 1) / 2.0;
        var slope = half.Select((value, index) => (value - half.Average()) * (index - mean)).Sum() / half.Select((_, index) => (index - mean) * (index - mean)).Sum();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answers:0} answers, {bad} bad, slope of memory over the second half {slope:0.000} MB a minute"));
        return Machine.Verdict("memory stays flat (under 0.2 MB a minute) and nothing fails", Math.Abs(slope) < 0.2 && bad == 0);
    }

    static void Print(List<Figures> rows)
    {
        var direct = rows[0];
        Console.WriteLine();
        foreach (var row in rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Name,-20} requests {row.PerSecond / direct.PerSecond,6:0.0%} of direct   streams {row.Streams / direct.Streams,6:0.0%}   added p50 {row.Half.P50 - direct.Half.P50,6:0.000} ms   added p99 {row.Half.P99 - direct.Half.P99,6:0.000} ms"));
        }

        Console.WriteLine();
    }

    static int Verdicts(List<Figures> rows, PacedFigures paced)
    {
        var (direct, ours) = (rows[0], rows[^1]);
        var failed = Machine.Verdict("added latency at half of saturation p50 < 0.15 ms", ours.Half.P50 - direct.Half.P50 < 0.15)
            | Machine.Verdict("added latency at half of saturation p99 < 1 ms", ours.Half.P99 - direct.Half.P99 < 1)
            | Machine.Verdict("nothing went wrong", ours.Bad == 0)
            | Machine.Verdict($"{PacedStreams} streams at once, none broken", paced.Whole == PacedStreams)
            | Machine.Verdict("nothing added to a stream's pace (within 2 %)", paced.Ratio < 1.02);
        foreach (var (name, share) in new[] { ("bare ASP.NET Core", 0.75), ("nginx", 0.25), ("Portkey (Node)", 10.0) })
        {
            if (rows.Find(row => row.Name == name) is { } other)
                failed |= Machine.Verdict(string.Create(CultureInfo.InvariantCulture, $"at least {share} times the throughput of {name} ({ours.PerSecond / other.PerSecond:0.00})"), ours.PerSecond >= share * other.PerSecond);
            else
                Console.WriteLine($"skipped  {name} is not installed");
        }

        return failed;
    }

    sealed record Figures(string Name, double PerSecond, LoadResult Half, double Streams, int Bad);

    sealed record PacedFigures(int Whole, double Ratio);
}
