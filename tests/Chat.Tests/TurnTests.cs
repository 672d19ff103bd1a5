using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Errors;
using JeanTrail.Testing;
using Microsoft.Extensions.AI;

namespace JeanTrail.Chat.Tests;

public sealed class TurnTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public TurnTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task An_answer_is_streamed_and_kept()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Hello", " there.", " How are you?").End();
        await using var reader = await chat.SayAsync(conversation, "Good morning, Jean");

        (await reader.TurnAsync()).GetProperty("title").GetString().ShouldBe("Good morning, Jean");
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");
        reader.Text.ShouldBe("Hello there. How are you?");
        (await reader.NextAsync()).ShouldBeNull("done is the last event");

        var messages = await chat.MessagesAsync(conversation);
        messages.Select(message => message.GetProperty("role").GetString()).ShouldBe(["user", "assistant"]);
        messages[0].GetProperty("text").GetString().ShouldBe("Good morning, Jean");
        messages[1].GetProperty("text").GetString().ShouldBe("Hello there. How are you?");
        messages[1].GetProperty("status").GetString().ShouldBe("complete");
        messages[1].GetProperty("parentId").GetGuid().ShouldBe(messages[0].GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Sentences_arrive_while_the_answer_is_still_being_written()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("The **first** sentence is over. And the sec");
        await using var reader = await chat.SayAsync(conversation, "Tell me two things");
        var sentence = await reader.UntilAsync("sentence");
        sentence.GetProperty("text").GetString().ShouldBe("The first sentence is over.");
        sentence.GetProperty("index").GetInt32().ShouldBe(0);

        chat.Model.Say("ond one.").End();
        (await reader.UntilAsync("sentence")).GetProperty("text").GetString().ShouldBe("And the second one.");
        await reader.UntilAsync("done");
    }

    [Fact]
    public async Task The_first_text_leaves_at_once_and_the_end_waits_for_no_pace()
    {
        await using var slow = await ChatHost.StartAsync(settings: ("Chat:DeltaEvery", "01:00:00"));
        var conversation = await slow.NewConversationAsync();
        slow.Model.Say("One");
        await using var reader = await slow.SayAsync(conversation, "Count to four");
        (await reader.UntilAsync("delta")).GetProperty("text").GetString().ShouldBe("One");

        slow.Model.Say(", two").Say(", three").Say(", four.").End();
        (await reader.UntilAsync("delta")).GetProperty("text").GetString().ShouldBe(", two, three, four.");
        await reader.UntilAsync("done");
        reader.Text.ShouldBe("One, two, three, four.");
    }

    [Fact]
    public async Task The_same_client_id_is_the_same_turn()
    {
        var conversation = await chat.NewConversationAsync();
        var clientId = Guid.CreateVersion7();
        chat.Model.Say("Once.").End();
        await using var first = await chat.SayAsync(conversation, "Only once", clientId);
        await first.UntilAsync("done");
        await using var again = await chat.SayAsync(conversation, "Only once", clientId);
        await again.UntilAsync("done");

        again.Text.ShouldBe("Once.");
        (await chat.MessagesAsync(conversation)).Length.ShouldBe(2);
        chat.Model.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_id_of_another_conversation_is_refused()
    {
        var clientId = Guid.CreateVersion7();
        chat.Model.Say("a").End();
        await using (var first = await chat.SayAsync(await chat.NewConversationAsync(), "one", clientId))
            await first.UntilAsync("done");
        var refused = await Should.ThrowAsync<ProblemException>(async () => await chat.SayAsync(await chat.NewConversationAsync(), "two", clientId));
        refused.Status.ShouldBe(422);
        refused.Code.ShouldBe("chat.client_id_reused");
    }

    [Fact]
    public async Task A_second_turn_waits_for_the_first()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("thinking");
        await using var running = await chat.SayAsync(conversation, "one");
        var turn = (await running.TurnAsync()).GetProperty("turnId").GetGuid();
        var refused = await Should.ThrowAsync<ProblemException>(() => chat.SayAsync(conversation, "two"));
        refused.Status.ShouldBe(409);
        refused.Code.ShouldBe("chat.turn_already_running");
        refused.Problem.GetProperty("turnId").GetGuid().ShouldBe(turn);
        chat.Model.End();
        await running.UntilAsync("done");
    }

    [Fact]
    public async Task Two_turns_started_at_once_never_both_run()
    {
        var conversation = await chat.NewConversationAsync();
        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
        {
            try
            {
                return await chat.SayAsync(conversation, $"race {number}");
            }
            catch (ProblemException refused) when (refused.Code == "chat.turn_already_running")
            {
                return null;
            }
        }));
        tries.Count(each => each is not null).ShouldBe(1);
        chat.Model.Say("won").End();
        await using var winner = tries.Single(each => each is not null)!;
        await winner.UntilAsync("done");
        (await chat.MessagesAsync(conversation)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Stopping_keeps_what_was_written()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("This much is");
        await using var reader = await chat.SayAsync(conversation, "Go on");
        var turn = (await reader.TurnAsync()).GetProperty("turnId").GetGuid();
        await reader.UntilTextAsync("This much is");
        using (var stopped = await chat.Client.PostAsync(new Uri($"/api/chat/turns/{turn}/stop", UriKind.Relative), null))
            stopped.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("stopped");
        var answer = (await chat.MessagesAsync(conversation))[1];
        answer.GetProperty("text").GetString().ShouldBe("This much is");
        answer.GetProperty("status").GetString().ShouldBe("stopped");
        using var again = await chat.Client.PostAsync(new Uri($"/api/chat/turns/{turn}/stop", UriKind.Relative), null);
        again.StatusCode.ShouldBe(HttpStatusCode.NoContent, "stopping what has ended changes nothing");
    }

    [Fact]
    public async Task The_turn_goes_on_when_its_reader_leaves_and_can_be_followed_again()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("One, ");
        Guid turn;
        string lastEventId;
        await using (var leaving = await chat.SayAsync(conversation, "Count"))
        {
            turn = (await leaving.TurnAsync()).GetProperty("turnId").GetGuid();
            await leaving.UntilTextAsync("One, ");
            lastEventId = leaving.LastEventId;
        }

        chat.Model.Say("two, ", "three.").End();
        await using var back = await chat.FollowAsync(turn, lastEventId);
        await back.UntilAsync("done");
        back.Text.ShouldBe("two, three.");

        await using var fromTheStart = await chat.FollowAsync(turn);
        await fromTheStart.UntilAsync("done");
        fromTheStart.Text.ShouldBe("One, two, three.");
    }

    [Fact]
    public async Task A_resumed_reader_hears_no_sentence_twice()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("First sentence. ", "Second sentence. ", "Third");
        await using var reader = await chat.SayAsync(conversation, "Three");
        var turn = (await reader.TurnAsync()).GetProperty("turnId").GetGuid();
        await reader.UntilAsync("sentence");
        var after = reader.LastEventId;
        chat.Model.Say(" sentence.").End();

        await using var back = await chat.FollowAsync(turn, after);
        await back.UntilAsync("done");
        var heard = reader.Seen.Concat(back.Seen).Where(each => each.Name == "sentence").Select(each => each.Data.GetProperty("text").GetString());
        heard.ShouldBe(["First sentence.", "Second sentence.", "Third sentence."]);
    }

    [Fact]
    public async Task After_a_reload_the_length_of_the_text_is_enough_to_resume()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("مرحبا 👋 ");
        await using var reader = await chat.SayAsync(conversation, "hi");
        var turn = (await reader.TurnAsync()).GetProperty("turnId").GetGuid();
        await reader.UntilTextAsync("مرحبا 👋 ");
        chat.Model.Say("صديقي").End();
        await using var back = await EventReader.OpenAsync(chat.Client, new HttpRequestMessage(HttpMethod.Get, $"/api/chat/turns/{turn}/events?after={"مرحبا 👋 ".Length}"));
        await back.UntilAsync("done");
        back.Text.ShouldBe("صديقي");
    }

    [Fact]
    public async Task A_broken_upstream_keeps_the_text_and_says_who_broke_it()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Half an ans").Fail(new ModelCallException(new Error("gateway.upstream_cut", 502, "The model's server closed the connection."), Blame.Upstream));
        await using var reader = await chat.SayAsync(conversation, "Answer");
        var done = await reader.UntilAsync("done");
        done.GetProperty("status").GetString().ShouldBe("failed");
        done.GetProperty("error").GetProperty("code").GetString().ShouldBe("gateway.upstream_cut");
        done.GetProperty("error").GetProperty("blame").GetString().ShouldBe("upstream");
        var answer = (await chat.MessagesAsync(conversation))[1];
        answer.GetProperty("text").GetString().ShouldBe("Half an ans");
        answer.GetProperty("error").GetProperty("detail").GetString().ShouldBe("The model's server closed the connection.");
    }

    [Fact]
    public async Task Continuing_grows_the_same_message()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("To be, or ").Fail(new ModelCallException(new Error("gateway.upstream_cut", 502, "Cut."), Blame.Upstream));
        await using (var broken = await chat.SayAsync(conversation, "Recite"))
            await broken.UntilAsync("done");
        var answer = (await chat.MessagesAsync(conversation))[1].GetProperty("id").GetGuid();

        chat.Model.Say("not to be").End();
        await using var reader = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns/continue", new { clientId = Guid.CreateVersion7(), messageId = answer });
        await reader.UntilAsync("done");
        reader.Text.ShouldBe("not to be");

        var messages = await chat.MessagesAsync(conversation);
        messages.Length.ShouldBe(2);
        messages[1].GetProperty("id").GetGuid().ShouldBe(answer);
        messages[1].GetProperty("text").GetString().ShouldBe("To be, or not to be");
        messages[1].GetProperty("status").GetString().ShouldBe("complete");
        chat.Model.Asked[1].Select(message => message.Text).ShouldContain("To be, or ");
    }

    [Fact]
    public async Task A_complete_answer_cannot_be_continued()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Done.").End();
        await using (var reader = await chat.SayAsync(conversation, "x"))
            await reader.UntilAsync("done");
        var answer = (await chat.MessagesAsync(conversation))[1].GetProperty("id").GetGuid();
        var refused = await Should.ThrowAsync<ProblemException>(() => chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns/continue", new { clientId = Guid.CreateVersion7(), messageId = answer }));
        refused.Code.ShouldBe("chat.nothing_to_continue");
    }

    [Fact]
    public async Task Answering_again_makes_a_sibling_and_branches_can_be_switched()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Heads").End();
        await using (var reader = await chat.SayAsync(conversation, "Flip a coin"))
            await reader.UntilAsync("done");
        var heads = (await chat.MessagesAsync(conversation))[1].GetProperty("id").GetGuid();
        chat.Model.Say("Tails").End();
        await using (var reader = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns/regenerate", new { clientId = Guid.CreateVersion7(), messageId = heads }))
            await reader.UntilAsync("done");

        var shown = (await chat.MessagesAsync(conversation))[1];
        shown.GetProperty("text").GetString().ShouldBe("Tails");
        shown.GetProperty("siblingIds").EnumerateArray().Select(id => id.GetGuid()).ShouldBe([heads, shown.GetProperty("id").GetGuid()], "in the order they were made");
        using (var switched = await chat.Client.PutAsJsonAsync($"/api/chat/conversations/{conversation}/head", new { messageId = heads }))
            switched.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await chat.MessagesAsync(conversation))[1].GetProperty("text").GetString().ShouldBe("Heads");
    }

    [Fact]
    public async Task Actions_and_citations_travel_with_the_answer_and_stay()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Dark it is.").Add(new ClientActionContent(new ClientAction("set-theme", "dark"))).Add(new CitationContent(new Citation("Note", "dark", 0, 4))).End();
        await using var reader = await chat.SayAsync(conversation, "dark mode please");
        (await reader.UntilAsync("action")).GetProperty("value").GetString().ShouldBe("dark");
        (await reader.UntilAsync("citation")).GetProperty("quote").GetString().ShouldBe("dark");
        await reader.UntilAsync("done");
        var answer = (await chat.MessagesAsync(conversation))[1];
        answer.GetProperty("actions")[0].GetProperty("kind").GetString().ShouldBe("set-theme");
        answer.GetProperty("citations")[0].GetProperty("title").GetString().ShouldBe("Note");
    }

    [Fact]
    public async Task Text_that_a_database_cannot_hold_or_that_was_cut_inside_a_character_is_kept_whole()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("a\0b \ud83d").Say("\ude00 end").End();
        await using var reader = await chat.SayAsync(conversation, "odd");
        await reader.UntilAsync("done");
        reader.Text.ShouldBe("a\uFFFDb 😀 end");
        (await chat.MessagesAsync(conversation))[1].GetProperty("text").GetString().ShouldBe("a\uFFFDb 😀 end");
    }

    [Fact]
    public async Task An_unknown_model_is_told_in_the_conversation()
    {
        var conversation = await chat.NewConversationAsync();
        await using var reader = await chat.SayAsync(conversation, "hello", modelId: "gone/model");
        var done = await reader.UntilAsync("done");
        done.GetProperty("error").GetProperty("code").GetString().ShouldBe("gateway.model_unknown");
    }

    [Fact]
    public async Task The_model_that_answers_is_named_when_none_was_chosen()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Yes");
        await using var reader = await chat.SayAsync(conversation, "Are you there?");
        var turn = await reader.TurnAsync();
        turn.GetProperty("modelId").GetString().ShouldBe("test/model");
        (await chat.MessagesAsync(conversation))[1].GetProperty("modelId").GetString().ShouldBe("test/model", "also while it is being written");
        (await chat.GetAsync($"/api/chat/turns/{turn.GetProperty("turnId").GetGuid()}")).GetProperty("modelId").GetString().ShouldBe("test/model");
        using (var stopped = await chat.Client.PostAsync(new Uri($"/api/chat/turns/{turn.GetProperty("turnId").GetGuid()}/stop", UriKind.Relative), null))
            stopped.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await reader.UntilAsync("done")).GetProperty("modelId").GetString().ShouldBe("test/model");
        (await chat.MessagesAsync(conversation))[1].GetProperty("modelId").GetString().ShouldBe("test/model");
    }

    [Fact]
    public async Task Nothing_more_is_written_for_somebody_who_is_suspended()
    {
        using var mia = await chat.Host.PersonAsync();
        var person = (await mia.GetFromJsonAsync<JsonElement>("/api/accounts/session")).GetProperty("user").GetProperty("id").GetGuid();
        using var made = await mia.PostAsJsonAsync("/api/chat/conversations", new { });
        var conversation = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        chat.Model.Say("So far ");
        using var asked = new HttpRequestMessage(HttpMethod.Post, $"/api/chat/conversations/{conversation}/turns") { Content = JsonContent.Create(new { clientId = Guid.CreateVersion7(), text = "Where is the lighthouse?" }) };
        await using var reader = await EventReader.OpenAsync(mia, asked);
        await reader.UntilTextAsync("So far ");

        (await chat.Client.PostAsync(new Uri($"/api/accounts/users/{person}/suspend", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await Eventually.BeTrueAsync(async () => await chat.Host.Db.FindAsync<string>("select status from chat.turn where owner_id = @Person", new { Person = person }, default) == "stopped");
        chat.Model.Say("and no further.").End();
        (await chat.Host.Db.FindAsync<string>("select m.text from chat.message m where m.conversation_id = @Id and m.role = 'assistant'", new { Id = conversation }, default)).ShouldBe("So far ");
    }

    [Fact]
    public async Task A_skill_that_answers_in_front_of_a_model_is_named_in_the_end()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.SayAs("jean/basic", "It is 42.").End();
        await using var reader = await chat.SayAsync(conversation, "6 * 7", modelId: "other/model");
        var turn = await reader.TurnAsync();
        turn.GetProperty("modelId").GetString().ShouldBe("other/model");
        (await reader.UntilAsync("done")).GetProperty("modelId").GetString().ShouldBe("jean/basic");
        (await chat.MessagesAsync(conversation))[1].GetProperty("modelId").GetString().ShouldBe("jean/basic");
        await using var later = await chat.FollowAsync(turn.GetProperty("turnId").GetGuid());
        (await later.UntilAsync("done")).GetProperty("modelId").GetString().ShouldBe("jean/basic");
    }

    [Fact]
    public async Task A_bug_while_answering_keeps_the_text_and_tells_nothing_secret()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("So far").Fail(new InvalidOperationException("key=sk-secret"));
        await using var reader = await chat.SayAsync(conversation, "hello");
        var done = await reader.UntilAsync("done");
        done.GetProperty("error").GetProperty("code").GetString().ShouldBe("kernel.unexpected");
        done.ToString().ShouldNotContain("sk-secret");
        (await chat.MessagesAsync(conversation))[1].GetProperty("text").GetString().ShouldBe("So far");
    }

    [Fact]
    public async Task The_model_is_told_the_branch_and_not_its_siblings()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Blue").End();
        await using (var reader = await chat.SayAsync(conversation, "Name a colour"))
            await reader.UntilAsync("done");
        var first = (await chat.MessagesAsync(conversation))[1].GetProperty("id").GetGuid();
        chat.Model.Say("Red").End();
        await using (var reader = await chat.PostStreamAsync($"/api/chat/conversations/{conversation}/turns/regenerate", new { clientId = Guid.CreateVersion7(), messageId = first }))
            await reader.UntilAsync("done");
        chat.Model.Say("Fire").End();
        await using (var reader = await chat.SayAsync(conversation, "Why that one?"))
            await reader.UntilAsync("done");

        chat.Model.Asked[2].Where(message => message.Role != ChatRole.System).Select(message => message.Text).ShouldBe(["Name a colour", "Red", "Why that one?"]);
    }
}
