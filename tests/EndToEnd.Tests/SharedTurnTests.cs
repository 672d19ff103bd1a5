using System.Text.Json;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Answers that are written by one process and read at another, on one database.</summary>
public sealed class SharedTurnTests
{
    [Fact]
    public async Task An_answer_is_watched_at_two_processes_and_when_its_own_dies_it_ends_at_the_other_and_goes_on_there()
    {
        await using var servers = await TwoServers.CreateAsync(("JEAN_Chat__Lease", "00:00:06"));
        await using var upstream = await OpenAiServer.StartAsync();
        await using var first = await servers.StartFirstAsync();
        using var here = await Owner.CreateAsync(first);
        var model = await here.ConnectAsync(upstream);
        await using var second = await servers.StartSecondAsync();
        using var there = here.At(second);

        // 3,000 numbered words, so that a gap or a word that came twice shows.
        var whole = string.Join(' ', Enumerable.Range(1, 3000));
        upstream.Reply(whole, tokensPerSecond: 200);
        var conversation = (await here.PostAsync("/api/chat/conversations", new { modelId = model })).GetProperty("id").GetGuid();
        await using var writer = await here.AskAsync($"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text = "Count" });
        var turn = (await writer.TurnAsync()).GetProperty("turnId").GetGuid();
        await using var watcher = await there.FollowAsync(turn);
        await UntilAsync(watcher, " 98 99 100 ");
        var before = watcher.Text;
        await using var late = await there.FollowAsync(turn, watcher.LastEventId);
        await UntilAsync(writer, "398 399 400");

        // Power cut: nobody tells the other process anything.
        await first.KillAsync();
        (await watcher.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("interrupted");
        whole.ShouldStartWith(watcher.Text, Case.Sensitive);
        await late.UntilAsync("done");
        (before + late.Text).ShouldBe(watcher.Text, "who came later began where the other had been");
        var answer = await AnswerAsync(there, conversation);
        answer.GetProperty("status").GetString().ShouldBe("interrupted");
        answer.GetProperty("text").GetString().ShouldBe(watcher.Text, "what was read is what is kept");

        upstream.NextReply(whole[watcher.Text.Length..]);
        await using var rest = await there.AskAsync(
            $"/api/chat/conversations/{conversation}/turns/continue", new { clientId = Guid.CreateVersion7(), messageId = answer.GetProperty("id").GetGuid() });
        await rest.UntilAsync("done");
        (await AnswerAsync(there, conversation)).GetProperty("text").GetString().ShouldBe(whole);
    }

    static async Task UntilAsync(EventReader reader, string words)
    {
        while (!reader.Text.Contains(words, StringComparison.Ordinal))
            (await reader.NextAsync()).ShouldNotBeNull($"the stream ended at '{reader.Text}'");
    }

    static async Task<JsonElement> AnswerAsync(Owner owner, Guid conversation)
        => (await owner.GetAsync($"/api/chat/conversations/{conversation}/messages")).GetProperty("items")[0];
}
