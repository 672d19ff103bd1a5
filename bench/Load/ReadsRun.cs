using System.Collections.Concurrent;
using System.Diagnostics;

namespace JeanTrail.Bench;

/// <summary>
/// API reads under 100 users: each asks about ten times a second, which is more than a person clicks; then, for comparison, without a pause, where
/// the time is that of the queue.
/// </summary>
internal static class ReadsRun
{
    const int Users = 100;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync(string[] args)
    {
        await using var server = await Server.StartAsync();
        var conversations = new List<Guid>();
        for (var i = 0; i < 200; i++)
            conversations.Add((await server.PostAsync("/api/chat/conversations", new { title = $"Conversation {i}" })).GetProperty("id").GetGuid());
        for (var i = 0; i < 100; i++)
            await EventStream.TurnAsync(server, conversations[i % 10], "jean/basic", $"{i} + {i}");

        string[] paths =
        [
            "/api/accounts/session",
            "/api/chat/conversations?limit=30",
            $"/api/chat/conversations/{conversations[0]}",
            $"/api/chat/conversations/{conversations[0]}/messages?limit=50",
            "/api/gateway/models",
            "/api/accounts/preferences",
        ];
        await LoadAsync(server, paths, TimeSpan.FromSeconds(5), Pause);
        var (times, failures, elapsed) = await LoadAsync(server, paths, Length, Pause);
        foreach (var path in paths)
            Console.WriteLine(Machine.Row(path.Replace(conversations[0].ToString(), "{id}", StringComparison.Ordinal).Replace("/api", "", StringComparison.Ordinal), times[path]));
        var all = times.Values.SelectMany(each => each).ToList();
        Console.WriteLine(Machine.Row("all reads", all));
        Console.WriteLine($"{all.Count / elapsed.TotalSeconds:0} requests/s, {failures} failures; load and server share the machine");
        var (crowd, _, crowded) = await LoadAsync(server, paths, Length / 2, TimeSpan.Zero);
        var rush = crowd.Values.SelectMany(each => each).ToList();
        Console.WriteLine(Machine.Row("without a pause", rush));
        Console.WriteLine($"{rush.Count / crowded.TotalSeconds:0} requests/s");
        return Machine.Verdict("p95 of reads under 50 ms with 100 users", Machine.Quantile(all, .95) < 50 && failures == 0);
    }

    static async Task<(Dictionary<string, ConcurrentBag<double>> Times, int Failures, TimeSpan Elapsed)> LoadAsync(Server server, string[] paths, TimeSpan length, TimeSpan pause)
    {
        var times = paths.ToDictionary(path => path, _ => new ConcurrentBag<double>());
        var failures = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Users).Select(async user =>
        {
            await Task.Delay(pause * user / Users);
            for (var i = user; watch.Elapsed < length; i++)
            {
                var path = paths[i % paths.Length];
                var started = Stopwatch.GetTimestamp();
                using var response = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
                await response.Content.ReadAsByteArrayAsync();
                times[path].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                if (!response.IsSuccessStatusCode)
                    Interlocked.Increment(ref failures);
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()));
            }
        }));
        return (times, failures, watch.Elapsed);
    }
}
