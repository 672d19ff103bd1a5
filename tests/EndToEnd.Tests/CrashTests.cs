using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>
/// The server killed again and again (<c>kill -9</c>) while people write and answers stream, each time at another moment. What was
/// acknowledged is there afterwards, once; what was not may be asked again and is there once, too. <c>./jean bench crash</c> kills it 200 times.
/// </summary>
public sealed class CrashTests
{
    const int People = 4;

    static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("JEAN_CRASH_KILLS") ?? "3", CultureInfo.InvariantCulture);

    static readonly string Whole = string.Join(' ', Enumerable.Range(1, 400));

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_there_twice_however_often_the_server_is_killed()
    {
        var data = JeanTrailProcess.NewDataFolder();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["JEAN_Gateway__Discovery"] = "false" };
        // Two seconds for an answer: most kills fall into some.
        await using var upstream = (await OpenAiServer.StartAsync()).Reply(Whole, tokensPerSecond: 200);
        var server = await JeanTrailProcess.StartAsync(data, settings: settings);
        try
        {
            using var owner = await Owner.CreateAsync(server);
            var model = await owner.ConnectAsync(upstream);
            var random = new Random(Kills);
            var said = new ConcurrentDictionary<Guid, Said>();
            for (var kill = 0; kill < Kills; kill++)
            {
                using var over = new CancellationTokenSource();
                var writers = Enumerable.Range(0, People).Select(_ => WriteAsync(owner, model, said, over.Token)).ToArray();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 3_000)));
                await server.KillAsync();
                await over.CancelAsync();
                await Task.WhenAll(writers);
                await server.DisposeAsync();
                server = await JeanTrailProcess.StartAsync(data, server.Port, settings);
            }

            await EndAsync(owner, said);
            await CheckAsync(owner, said);
        }
        finally
        {
            await server.DisposeAsync();
        }

        Directory.Delete(data, recursive: true);
    }

    /// <summary>One person: begins conversations and says things in them until the server is gone, sending again what had no answer.</summary>
    static async Task WriteAsync(Owner owner, string model, ConcurrentDictionary<Guid, Said> all, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            // What an earlier crash left without an answer goes out again first, as a client's outbox does.
            var one = all.Values.FirstOrDefault(each => !each.Acknowledged && each.TryTake()) ?? new Said(Guid.CreateVersion7(), model);
            all.TryAdd(one.ClientId, one);
            try
            {
                one.Conversation ??= await BeginAsync(owner, one);
                await using var reader = await owner.AskAsync($"/api/chat/conversations/{one.Conversation}/turns", new { clientId = one.ClientId, text = one.Text });
                one.Turn = (await reader.TurnAsync()).GetProperty("turnId").GetGuid();
                one.Acknowledged = true;
                var done = await reader.UntilAsync("done");
                one.Completed = done.GetProperty("status").GetString() == "completed";
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or InvalidOperationException or TimeoutException)
            {
                await Task.Delay(20, CancellationToken.None);
            }
            finally
            {
                one.Release();
            }
        }
    }

    static async Task<Guid> BeginAsync(Owner owner, Said one)
        => (await owner.PostAsync("/api/chat/conversations", new { modelId = one.Model }, one.ClientId.ToString())).GetProperty("id").GetGuid();

    /// <summary>What never had an answer is sent a last time, and every turn is over.</summary>
    static async Task EndAsync(Owner owner, ConcurrentDictionary<Guid, Said> said)
    {
        foreach (var one in said.Values.Where(each => !each.Acknowledged))
        {
            one.Conversation ??= await BeginAsync(owner, one);
            await using var reader = await owner.AskAsync($"/api/chat/conversations/{one.Conversation}/turns", new { clientId = one.ClientId, text = one.Text });
            one.Turn = (await reader.TurnAsync()).GetProperty("turnId").GetGuid();
            one.Acknowledged = true;
            await reader.UntilAsync("done");
        }

        await Eventually.BeTrueAsync(
            async () => (await owner.GetAsync("/api/chat/conversations?limit=100")).GetProperty("items").EnumerateArray().All(each => each.GetProperty("runningTurnId").ValueKind == JsonValueKind.Null),
            "no turn runs any more", TimeSpan.FromMinutes(1));
    }

    static async Task CheckAsync(Owner owner, ConcurrentDictionary<Guid, Said> said)
    {
        // Each was asked for with a key of its own until there was an answer, so each is there, and none twice.
        (await AllConversationsAsync(owner)).Order().ShouldBe(said.Values.Select(each => each.Conversation!.Value).Order());
        foreach (var one in said.Values)
        {
            var messages = (await owner.GetAsync($"/api/chat/conversations/{one.Conversation}/messages")).GetProperty("items").EnumerateArray().Reverse().ToArray();
            messages.Select(message => message.GetProperty("role").GetString()).ShouldBe(["user", "assistant"], "said once and answered once");
            messages[0].GetProperty("text").GetString().ShouldBe(one.Text);
            var answer = messages[1].GetProperty("text").GetString()!;
            Whole.ShouldStartWith(answer, Case.Sensitive, "no gap and no word twice");
            var status = messages[1].GetProperty("status").GetString();
            status.ShouldBeOneOf("complete", "interrupted");
            if (one.Completed || status == "complete")
                answer.ShouldBe(Whole);
        }
    }

    static async Task<List<Guid>> AllConversationsAsync(Owner owner)
    {
        var all = new List<Guid>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await owner.GetAsync($"/api/chat/conversations?limit=100{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}");
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(each => each.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        return all;
    }

    /// <summary>Something that somebody says, and what of it was acknowledged.</summary>
    sealed class Said(Guid clientId, string model)
    {
        int taken = 1;

        public Guid ClientId => clientId;

        public string Model => model;

        public string Text { get; } = $"Count for {clientId}";

        public Guid? Conversation { get; set; }

        public Guid? Turn { get; set; }

        public bool Acknowledged { get; set; }

        public bool Completed { get; set; }

        public bool TryTake() => Interlocked.Exchange(ref taken, 1) == 0;

        public void Release() => Volatile.Write(ref taken, 0);
    }
}
