using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Two processes on one database are one gateway.</summary>
public sealed class ReplicaTests
{
    const int Allowed = 150;

    [Fact]
    public async Task A_limit_holds_exactly_over_two_processes_and_a_restart()
    {
        await using var servers = await TwoServers.CreateAsync();
        await using var upstream = await OpenAiServer.StartAsync();
        await using var first = await servers.StartFirstAsync();
        var (key, model) = await OpenGatewayAsync(first, upstream);
        var second = await servers.StartSecondAsync();

        // More than is allowed, at both doors at once; one of them is stopped in order in between and comes back.
        var passed = await CountAsync(Enumerable.Range(0, Allowed * 2 / 3).Select(number => number % 2 == 0 ? first : second), key, model);
        passed.ShouldBe(Allowed * 2 / 3);
        (await second.StopAsync()).ShouldBe(0);
        second = await servers.StartSecondAsync();
        await using (second)
        {
            passed += await CountAsync(Enumerable.Range(0, Allowed).Select(number => number % 2 == 0 ? first : second), key, model);
            passed.ShouldBeLessThanOrEqualTo(Allowed);

            // What one holds and does not use it gives back.
            await Eventually.BeTrueAsync(async () => (passed += await CountAsync([first, second], key, model)) >= Allowed);
            (await CountAsync(Enumerable.Repeat<JeanTrailProcess[]>([first, second], 10).SelectMany(each => each), key, model)).ShouldBe(0);
            passed.ShouldBe(Allowed);
        }

        await first.StopAsync();
        (await servers.Database.Db.FindAsync<int>("select count(*)::int from gateway.usage where outcome = 'completed'", null, CancellationToken.None))
            .ShouldBe(Allowed, "each call stands in the books once");
    }

    static async Task<(string Key, string Model)> OpenGatewayAsync(JeanTrailProcess server, OpenAiServer upstream)
    {
        using var owner = await Owner.CreateAsync(server);
        var model = await owner.ConnectAsync(upstream);
        var key = await owner.PostAsync("/api/gateway/keys", new { name = "Replicas", surfaces = new[] { "*" }, models = new[] { "*" } });
        await owner.PostAsync("/api/gateway/limits", new { subjectKind = "key", subject = key.GetProperty("key").GetProperty("id").GetString(), meter = "requests", window = "none", amount = Allowed, action = "stop" });
        return (key.GetProperty("secret").GetString()!, model);
    }

    /// <summary>Calls each of these, sixteen at a time, and returns how many calls passed; the others were refused for the limit.</summary>
    static async Task<int> CountAsync(IEnumerable<JeanTrailProcess> servers, string key, string model)
    {
        var passed = 0;
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Parallel.ForEachAsync(servers, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (server, cancel) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/v1/chat/completions"))
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
                Content = JsonContent.Create(new { model, messages = new[] { new { role = "user", content = "hello" } } }),
            };
            using var answer = await client.SendAsync(request, cancel);
            if (answer.IsSuccessStatusCode)
                Interlocked.Increment(ref passed);
            else
                answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests, await answer.Content.ReadAsStringAsync(cancel));
        });
        return passed;
    }
}
