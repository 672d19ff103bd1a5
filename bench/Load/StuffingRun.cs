using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;

namespace JeanTrail.Bench;

/// <summary>
/// Credential stuffing: 200 sign-ins a second with stolen pairs, each from another network, while people who are signed in go on reading.
/// First with the limits a server has by default, then without them, where only the turns at the password hash are left.
/// </summary>
internal static class StuffingRun
{
    const int Users = 20;
    const int AttemptsPerSecond = 200;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Length = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Warmup = TimeSpan.FromSeconds(5);

    static readonly string[] Paths = ["/api/accounts/session", "/api/chat/conversations?limit=30", "/api/gateway/models", "/api/accounts/preferences"];

    public static async Task<int> RunAsync(string[] args)
    {
        var limited = await MeasureAsync("default limits", []);
        var bare = await MeasureAsync("no limits", new() { ["JEAN_Edge__SignInsPerMinute"] = "1000000", ["JEAN_Edge__SignInsPerMinuteGlobally"] = "1000000" });
        return Machine.Verdict("p95 of signed-in people under 100 ms during the attack", limited < 100 && bare < 100);
    }

    static async Task<double> MeasureAsync(string name, Dictionary<string, string> environment)
    {
        environment["JEAN_Edge__Proxies__0"] = "127.0.0.1";
        await using var server = await Server.StartAsync(environment);
        await ReadAsync(server, Warmup);
        var quiet = await ReadAsync(server, Length);
        var attack = AttackAsync(server, Warmup + Length);
        await ReadAsync(server, Warmup);
        var attacked = await ReadAsync(server, Length);
        var answers = await attack;

        Console.WriteLine($"-- {name}");
        Console.WriteLine(Machine.Row("reads, quiet", quiet));
        Console.WriteLine(Machine.Row("reads, under attack", attacked));
        Console.WriteLine($"sign-ins offered {AttemptsPerSecond}/s, answered: {string.Join(", ", answers.OrderBy(each => each.Key).Select(each => $"{each.Key} {each.Value}"))}");
        return Machine.Quantile(attacked, .95);
    }

    static async Task<List<double>> ReadAsync(Server server, TimeSpan length)
    {
        var times = new ConcurrentBag<double>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Users).Select(async user =>
        {
            await Task.Delay(Pause * user / Users);
            for (var i = user; watch.Elapsed < length; i++)
            {
                var started = Stopwatch.GetTimestamp();
                using var response = await server.Client.GetAsync(new Uri(Paths[i % Paths.Length], UriKind.Relative));
                await response.Content.ReadAsByteArrayAsync();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                response.EnsureSuccessStatusCode();
                await Task.Delay(Pause);
            }
        }));
        return [.. times];
    }

    /// <summary>Answers by status; 0 for attempts that were given up after ten seconds.</summary>
    static async Task<Dictionary<int, int>> AttackAsync(Server server, TimeSpan length)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 4_000 })
        {
            BaseAddress = server.Client.BaseAddress,
            Timeout = TimeSpan.FromSeconds(10),
        };
        var answers = new ConcurrentDictionary<int, int>();
        var attempts = new List<Task>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < length)
        {
            for (var due = (int)(watch.Elapsed.TotalSeconds * AttemptsPerSecond); attempts.Count < due;)
                attempts.Add(AttemptAsync(client, attempts.Count, answers));
            await Task.Delay(5);
        }

        await Task.WhenAll(attempts);
        return new(answers);
    }

    static async Task AttemptAsync(HttpClient client, int number, ConcurrentDictionary<int, int> answers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/accounts/sign-in", UriKind.Relative))
        {
            Content = JsonContent.Create(new { email = $"person{number}@example.org", password = $"stolen elsewhere {number}" }),
        };
        request.Headers.Add("X-Forwarded-For", $"198.18.{number / 250 % 250}.{number % 250}");
        var status = 0;
        try
        {
            using var response = await client.SendAsync(request);
            status = (int)response.StatusCode;
        }
        catch (Exception failure) when (failure is TaskCanceledException or HttpRequestException)
        {
            // Given up, and counted as such.
        }

        answers.AddOrUpdate(status, 1, (_, count) => count + 1);
    }
}
