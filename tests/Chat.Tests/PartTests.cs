using System.Text.Json;
using JeanTrail.Testing;
using Microsoft.Extensions.AI;

namespace JeanTrail.Chat.Tests;

/// <summary>Reasoning, tools and pictures are parts of an answer: streamed, resumed, kept.</summary>
public sealed class PartTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public PartTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task Reasoning_streams_beside_the_text_and_is_kept_with_how_long_it_took()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Add(new TextReasoningContent("Four and ")).Add(new TextReasoningContent("four.")).Say("Eight.").End();
        await using var reader = await chat.SayAsync(conversation, "What is four and four, please?");
        await reader.UntilAsync("done");

        var parts = reader.Parts();
        parts[0].Text.ShouldBe("Four and four.");
        parts[0].Last.GetProperty("state").GetString().ShouldBe("done");
        reader.Text.ShouldBe("Eight.");
        var kept = (await chat.MessagesAsync(conversation))[1].GetProperty("parts")[0];
        kept.GetProperty("kind").GetString().ShouldBe("reasoning");
        kept.GetProperty("text").GetString().ShouldBe("Four and four.");
        kept.GetProperty("durationMs").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        kept.GetProperty("at").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_tool_call_stands_where_it_was_made_and_gets_its_result()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Let me look. ")
            .Add(new FunctionCallContent("c1", "tide_table", new Dictionary<string, object?> { ["harbour"] = "Riga" }))
            .Add(new FunctionResultContent("c1", "High water at 14:10"))
            .Say("High water is at ten past two.");
        await using var reader = await chat.SayAsync(conversation, "When is high water in Riga?");
        // Whoever comes when all is over is told only how it ended.
        await reader.UntilTextAsync("Let me look. High water is at ten past two.");
        chat.Model.End();
        await reader.UntilAsync("done");

        reader.Seen.Where(each => each.Name == "part").Select(each => each.Data.GetProperty("state").GetString()).ShouldBe(["running", "done"]);
        var kept = (await chat.MessagesAsync(conversation))[1].GetProperty("parts")[0];
        kept.GetProperty("name").GetString().ShouldBe("tide_table");
        kept.GetProperty("at").GetInt32().ShouldBe("Let me look. ".Length);
        kept.GetProperty("result").GetString().ShouldBe("High water at 14:10");
        JsonDocument.Parse(kept.GetProperty("arguments").GetString()!).RootElement.GetProperty("harbour").GetString().ShouldBe("Riga");
    }

    [Fact]
    public async Task A_call_that_nobody_answered_and_thinking_that_was_stopped_do_not_run_for_ever()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Add(new FunctionCallContent("c1", "tide_table")).Add(new TextReasoningContent("Hm")).End();
        await using var reader = await chat.SayAsync(conversation, "And now?");
        await reader.UntilAsync("done");

        var parts = (await chat.MessagesAsync(conversation))[1].GetProperty("parts").EnumerateArray().ToArray();
        parts.Select(part => part.GetProperty("state").GetString()).ShouldBe(["stopped", "done"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_stream_that_was_cut_anywhere_goes_on_without_losing_or_repeating_a_part(int cutAfter)
    {
        var conversation = await chat.NewConversationAsync();
        Guid turn;
        string place;
        var pieces = new PartReader();
        chat.Model.Add(new TextReasoningContent("One "));
        await using (var reader = await chat.SayAsync(conversation, "Think and use tools"))
        {
            turn = (await reader.TurnAsync()).GetProperty("turnId").GetGuid();
            await reader.UntilAsync("part-delta");
            chat.Model.Add(new TextReasoningContent("two.")).Say("Text. ").Add(new FunctionCallContent("a", "look")).Add(new FunctionResultContent("a", "seen"))
                .Add(new TextReasoningContent("Three.")).Say("End.");
            while (reader.Seen.Count < cutAfter + 1)
                await reader.NextAsync();
            pieces.Take(reader);
            place = reader.LastEventId;
        }

        chat.Model.End();
        await using var rest = await chat.FollowAsync(turn, place);
        await rest.UntilAsync("done");
        pieces.Take(rest);
        pieces.Of(0).ShouldBe("One two.");
        pieces.Of(2).ShouldBe("Three.");
        pieces.States.ShouldBe(new Dictionary<int, string> { [0] = "done", [1] = "done", [2] = "done" });
    }

    [Fact]
    public async Task Parts_are_read_while_they_grow_and_followed_on_another_node()
    {
        await using var one = await ChatHost.StartAsync();
        await using var two = await ChatHost.StartAsync(one.Host.Database);
        var conversation = await one.NewConversationAsync();
        one.Model.Add(new TextReasoningContent("First "));
        await using var near = await one.SayAsync(conversation, "Go");
        var turn = (await near.TurnAsync()).GetProperty("turnId").GetGuid();
        await JeanTrail.Testing.Eventually.BeTrueAsync(async () => (await two.MessagesAsync(conversation))[1].GetProperty("parts").GetArrayLength() == 1);
        (await two.MessagesAsync(conversation))[1].GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("First ");

        await using var far = await two.FollowAsync(turn);
        await far.UntilAsync("part-delta");
        // What the near node's reader had is a place on the far node too.
        await near.UntilAsync("part-delta");
        await using var moved = await two.FollowAsync(turn, near.LastEventId);
        one.Model.Add(new TextReasoningContent("second.")).Say("Said.").End();
        await far.UntilAsync("done");
        await moved.UntilAsync("done");
        await near.UntilAsync("done");

        far.Parts()[0].Text.ShouldBe("First second.");
        var both = new PartReader();
        both.Take(near, until: "part-delta");
        both.Take(moved);
        both.Of(0).ShouldBe("First second.");
    }

    [Fact]
    public async Task Parts_that_were_written_down_survive_their_node()
    {
        // It renews its lease so rarely that it counts as gone once the lease is taken from it.
        await using var host = await ChatHost.StartAsync(settings: ("Chat:Lease", "01:00:00"));
        var conversation = await host.NewConversationAsync();
        host.Model.Add(new TextReasoningContent("Kept thoughts")).Add(new FunctionCallContent("x", "look"));
        await using var reader = await host.SayAsync(conversation, "Go");
        await JeanTrail.Testing.Eventually.BeTrueAsync(async () => (await host.MessagesAsync(conversation))[1].GetProperty("parts").GetArrayLength() == 2);
        await host.Host.Db.ExecuteAsync("update chat.turn set lease_until = now() - interval '1 minute' where conversation_id = @Id", new { Id = conversation }, default);
        await using var other = await ChatHost.StartAsync(host.Host.Database);

        await JeanTrail.Testing.Eventually.BeTrueAsync(async () => (await other.MessagesAsync(conversation))[1].GetProperty("status").GetString() == "interrupted");
        var parts = (await other.MessagesAsync(conversation))[1].GetProperty("parts");
        parts[0].GetProperty("text").GetString().ShouldBe("Kept thoughts");
        parts[1].GetProperty("state").GetString().ShouldBe("stopped");
        (await host.Host.Db.FindAsync<long>("select count(*) from chat.turn_part_log", null, default)).ShouldBe(0);
    }

    [Fact]
    public async Task A_continued_answer_keeps_the_parts_it_had()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Add(new TextReasoningContent("Before.")).Say("Half");
        await using (var reader = await chat.SayAsync(conversation, "Go"))
        {
            var turn = (await reader.TurnAsync()).GetProperty("turnId").GetGuid();
            await reader.UntilTextAsync("Half");
            using var stopped = await chat.Client.PostAsync(new Uri($"/api/chat/turns/{turn}/stop", UriKind.Relative), null);
            await reader.UntilAsync("done");
        }

        var answer = (await chat.MessagesAsync(conversation))[1].GetProperty("id").GetGuid();
        chat.Model.Reset();
        chat.Model.Add(new TextReasoningContent("After.")).Say(" and whole.").End();
        await using var again = await chat.PostStreamAsync($"/api/chat/conversations/{conversation}/turns/continue", new { clientId = Guid.CreateVersion7(), messageId = answer });
        await again.UntilAsync("done");

        var kept = (await chat.MessagesAsync(conversation))[1];
        kept.GetProperty("text").GetString().ShouldBe("Half and whole.");
        kept.GetProperty("parts").EnumerateArray().Select(part => (part.GetProperty("text").GetString(), part.GetProperty("at").GetInt32()))
            .ShouldBe([("Before.", 0), ("After.", 4)]);
    }

    [Fact]
    public async Task An_error_the_model_reports_ends_the_answer_with_its_text_kept()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("So far").Add(new ErrorContent("boom"));
        await using var reader = await chat.SayAsync(conversation, "Go");
        (await reader.UntilAsync("done")).GetProperty("error").GetProperty("code").GetString().ShouldBe("chat.model_gave_up");
        (await chat.MessagesAsync(conversation))[1].GetProperty("text").GetString().ShouldBe("So far");
    }
}

/// <summary>What a client makes of the events about parts.</summary>
internal sealed class PartReader
{
    readonly SortedDictionary<int, string> texts = [];
    readonly SortedDictionary<int, JsonElement> last = [];

    public Dictionary<int, string> States => last.ToDictionary(each => each.Key, each => each.Value.GetProperty("state").GetString()!);

    public IReadOnlyDictionary<int, JsonElement> Last => last;

    public string Of(int ordinal) => texts[ordinal];

    public void Take(EventReader reader, string? until = null)
    {
        foreach (var (name, data) in reader.Seen)
        {
            if (name == "part")
            {
                var ordinal = data.GetProperty("ordinal").GetInt32();
                last[ordinal] = data;
                if (data.GetProperty("text").ValueKind == JsonValueKind.String)
                    texts[ordinal] = data.GetProperty("text").GetString()!;
            }
            else if (name == "part-delta")
            {
                var (ordinal, at) = (data.GetProperty("ordinal").GetInt32(), data.GetProperty("at").GetInt32());
                var before = texts.GetValueOrDefault(ordinal, "");
                at.ShouldBeLessThanOrEqualTo(before.Length, "nothing is missing");
                texts[ordinal] = before[..at] + data.GetProperty("text").GetString();
                if (until == name)
                    return;
            }
        }
    }
}

internal static class PartReading
{
    public static IReadOnlyDictionary<int, (string? Text, JsonElement Last)> Parts(this EventReader reader)
    {
        var pieces = new PartReader();
        pieces.Take(reader);
        return pieces.Last.ToDictionary(each => each.Key, each => ((string?)(each.Value.GetProperty("kind").GetString() == "reasoning" ? pieces.Of(each.Key) : null), each.Value));
    }
}
