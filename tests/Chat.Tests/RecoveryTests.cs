using System.Net;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

/// <summary>What happens to a turn when its node goes away, and how several nodes share one.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task A_turn_can_be_followed_and_stopped_on_another_node()
    {
        await using var one = await ChatHost.StartAsync();
        await using var two = await ChatHost.StartAsync(one.Host.Database);
        var conversation = await one.NewConversationAsync();
        one.Model.Say("Written here, ");
        await using var near = await one.SayAsync(conversation, "Go");
        var turn = (await near.TurnAsync()).GetProperty("turnId").GetGuid();

        await using var far = await two.FollowAsync(turn);
        await far.UntilTextAsync("Written here, ");
        one.Model.Say("read there.");
        await far.UntilTextAsync("Written here, read there.");
        using (var stopped = await two.Client.PostAsync(new Uri($"/api/chat/turns/{turn}/stop", UriKind.Relative), null))
            stopped.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await far.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("stopped");
        (await near.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("stopped");
        far.Text.ShouldBe("Written here, read there.");
    }

    [Fact]
    public async Task Stopping_the_server_in_order_keeps_the_text_and_marks_the_turn_interrupted()
    {
        await using var database = await NewDatabaseAsync();
        Guid conversation;
        await using (var before = await ChatHost.StartAsync(database))
        {
            conversation = await before.NewConversationAsync();
            before.Model.Say("Until the lights go o");
            await using var reader = await before.SayAsync(conversation, "Talk");
            await reader.UntilTextAsync("Until the lights go o");
            await before.Host.StopAsync();
        }

        await using var after = await ChatHost.StartAsync(database);
        var answer = (await after.MessagesAsync(conversation))[1];
        answer.GetProperty("text").GetString().ShouldBe("Until the lights go o");
        answer.GetProperty("status").GetString().ShouldBe("interrupted");

        after.Model.Say("ut.").End();
        await using var again = await after.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns/continue", new { clientId = Guid.CreateVersion7(), messageId = answer.GetProperty("id").GetGuid() });
        await again.UntilAsync("done");
        (await after.MessagesAsync(conversation))[1].GetProperty("text").GetString().ShouldBe("Until the lights go out.");
    }

    [Fact]
    public async Task A_turn_whose_node_vanished_is_closed_with_the_text_that_was_written_down()
    {
        await using var chat = await ChatHost.StartAsync();
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("x").End();
        await using (var reader = await chat.SayAsync(conversation, "hello"))
            await reader.UntilAsync("done");
        await chat.IdleAsync();

        // What a killed node leaves behind: a running turn, a streaming message, chunks, and a lease that ran out.
        await chat.Host.Db.ExecuteAsync("""
            update chat.message set status = 'streaming', text = 'Kept from before, ' where role = 'assistant' and conversation_id = @Id;
            update chat.turn set status = 'running', ended_at = null, lease_until = now() - interval '1 second' where conversation_id = @Id;
            insert into chat.turn_chunk (turn_id, at, length, text)
            select turn_id, part.at, length(part.text), part.text from chat.turn, (values (18, 'and from '), (27, 'the chunks.')) as part(at, text) where conversation_id = @Id;
            """, new { Id = conversation }, default);

        await Eventually.BeTrueAsync(async () => (await chat.MessagesAsync(conversation))[1].GetProperty("status").GetString() == "interrupted");
        var answer = (await chat.MessagesAsync(conversation))[1];
        answer.GetProperty("text").GetString().ShouldBe("Kept from before, and from the chunks.");
        answer.GetProperty("error").GetProperty("code").GetString().ShouldBe("chat.turn_interrupted");
        (await chat.GetAsync($"/api/chat/conversations/{conversation}")).GetProperty("runningTurnId").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task A_message_that_is_being_written_is_read_with_what_was_written_down_so_far()
    {
        await using var chat = await ChatHost.StartAsync();
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Growing ");
        await using var reader = await chat.SayAsync(conversation, "Grow");
        await Eventually.BeTrueAsync(async () => (await chat.MessagesAsync(conversation))[1].GetProperty("text").GetString() == "Growing ");
        chat.Model.Say("taller");
        await Eventually.BeTrueAsync(async () => (await chat.MessagesAsync(conversation))[1].GetProperty("text").GetString() == "Growing taller");
        chat.Model.End();
        await reader.UntilAsync("done");
    }

    [Fact]
    public async Task The_end_of_a_turn_is_saved_when_the_database_comes_back()
    {
        await using var chat = await ChatHost.StartAsync();
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Before, ");
        await using var reader = await chat.SayAsync(conversation, "Go");
        await reader.UntilTextAsync("Before, ");

        await chat.Host.Database.RefuseConnectionsAsync();
        chat.Model.Say("after.").End();
        await reader.UntilTextAsync("Before, after.");
        await chat.Host.Database.AcceptConnectionsAsync();

        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");
        // The database cut idle connections too; whoever meets the first of them is told to come again.
        await Eventually.PassAsync(async () => (await chat.MessagesAsync(conversation))[1].GetProperty("text").GetString().ShouldBe("Before, after."));
    }

    static async Task<TestDatabase> NewDatabaseAsync() => await TestHost.NewDatabaseAsync();
}
