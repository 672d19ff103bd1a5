using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using JeanTrail.Chat.Private;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Chat.Tests;

/// <summary>Private conversations: the server answers and cannot read what it wrote down.</summary>
public sealed class PrivateTests(ChatFixture fixture) : IClassFixture<ChatFixture>, IAsyncLifetime
{
    readonly ChatHost chat = fixture.Chat;
    HttpClient person = null!;
    PrivateTalk talk = null!;

    public async Task InitializeAsync()
    {
        chat.Model.Reset();
        person = await chat.Host.PersonAsync("premium");
        talk = await PrivateTalk.SetUpAsync(person);
    }

    public Task DisposeAsync()
    {
        talk.Dispose();
        person.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task What_is_said_is_answered_in_plain_to_whoever_asks_and_sealed_for_later()
    {
        var id = await talk.BeginAsync();
        chat.Model.Add(new TextReasoningContent("Herons wade.")).Say("By ", "the lake.").End();
        await using var reader = await talk.SayAsync(id, "Where are the herons?");
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");
        reader.Text.ShouldBe("By the lake.");

        var said = await talk.ReadAsync(id);
        said.Select(each => (each.Role, each.Text, each.Status)).ShouldBe([("user", "Where are the herons?", "complete"), ("assistant", "By the lake.", "complete")]);
        said[1].Box.GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("Herons wade.");
        (await talk.TitleAsync(id)).ShouldBe("Where are the herons?");
        (await chat.Host.Db.FindAsync<int>("select count(*)::int from chat.private_piece p join chat.private_turn t using (turn_id) where t.conversation_id = @Id", new { Id = id }, default)).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_asks_is_told_in_plain_also_when_all_was_said_before_they_read()
    {
        var id = await talk.BeginAsync();
        chat.Model.Say("By ");
        await using var first = await talk.SayAsync(id, "Where are the herons?");
        await first.UntilTextAsync("By ");
        var running = chat.Host.Services.GetRequiredService<TurnRegistry>().Private.Single();
        chat.Model.Say("the lake.").End();
        await first.UntilAsync("done");
        await chat.IdleAsync();

        var told = new List<string>();
        await foreach (var item in chat.Host.Services.GetRequiredService<PrivateTurnReader>().ReadOwnAsync(running, default))
            told.Add(item.Data is DeltaEvent delta ? delta.Text : item.Event);

        told.ShouldContain("By the lake.");
        told[^1].ShouldBe("done");
    }

    [Fact]
    public async Task The_model_is_told_the_way_the_browser_opened_and_nothing_is_to_be_kept_of_it()
    {
        var id = await talk.BeginAsync();
        await TellAsync(id, "First question", "First answer");
        await TellAsync(id, "Second question", "Second answer");

        chat.Model.Asked[^1].Where(message => message.Role != ChatRole.System).Select(message => message.Text).ShouldBe(["First question", "First answer", "Second question"]);
        chat.Model.Options[^1]!.AdditionalProperties![ModelOptions.KeepNothing].ShouldBe(true);
        chat.Model.Options[^1]!.AdditionalProperties!.ContainsKey(ModelOptions.Message).ShouldBeFalse();
        chat.Model.Asked.Count.ShouldBe(2, "nobody asks a model for a title, a summary or what to remember");
    }

    [Fact]
    public async Task A_box_opens_in_its_own_place_only()
    {
        var id = await talk.BeginAsync();
        await TellAsync(id, "Question", "Answer");
        var page = await person.GetFromJsonAsync<JsonElement>($"{PrivateTalk.Base}/conversations/{id}/messages");
        var (answer, question) = (page.GetProperty("items")[0], page.GetProperty("items")[1]);

        Should.Throw<AuthenticationTagMismatchException>(() => talk.Reader.Open(answer.GetProperty("box").GetString()!, $"message:{question.GetProperty("id").GetGuid()}"));
    }

    [Fact]
    public async Task A_title_is_sealed_by_the_browser_and_a_model_chosen_for_the_conversation()
    {
        var id = await talk.BeginAsync();
        using (var renamed = await person.PutAsJsonAsync($"{PrivateTalk.Base}/conversations/{id}/title", new { title = talk.Reader.Seal("Mine alone", $"title:{id}") }))
            renamed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using (var chosen = await person.PutAsJsonAsync($"{PrivateTalk.Base}/conversations/{id}/model", new { modelId = "other/model" }))
            chosen.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await TellAsync(id, "Question", "Answer");

        (await talk.TitleAsync(id)).ShouldBe("Mine alone");
        (await person.GetFromJsonAsync<JsonElement>($"{PrivateTalk.Base}/conversations/{id}/messages")).GetProperty("items")[0].GetProperty("modelId").GetString().ShouldBe("other/model");
    }

    [Fact]
    public async Task Other_wordings_and_other_answers_stand_beside_the_first()
    {
        var id = await talk.BeginAsync();
        await TellAsync(id, "Question", "Answer");
        var first = await talk.ReadAsync(id);
        chat.Model.Say("Another answer").End();
        await using (var again = await talk.PostAsync($"conversations/{id}/turns/regenerate", new { clientId = Guid.CreateVersion7(), messageId = first[1].Id, way = new[] { new { role = "user", text = "Question" } } }))
            await again.UntilAsync("done");
        (await talk.ReadAsync(id)).Select(each => (each.Text, each.Siblings)).ShouldBe([("Question", 1), ("Another answer", 2)]);

        chat.Model.Say("To other words").End();
        await using (var beside = await talk.SayAsync(id, "In other words"))
            await beside.UntilAsync("done");
        (await talk.ReadAsync(id)).Select(each => (each.Text, each.Siblings)).ShouldBe([("In other words", 2), ("To other words", 1)]);
        using (var back = await person.PutAsJsonAsync($"{PrivateTalk.Base}/conversations/{id}/head", new { messageId = first[1].Id }))
            back.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await talk.ReadAsync(id)).Select(each => each.Text).ShouldBe(["Question", "Answer"]);
    }

    [Fact]
    public async Task Asking_again_under_the_same_id_is_the_same_turn_and_its_answer_comes_sealed()
    {
        var id = await talk.BeginAsync();
        var clientId = Guid.CreateVersion7();
        chat.Model.Say("Half");
        await using var first = await talk.SayAsync(id, "Question", clientId: clientId);
        await first.UntilTextAsync("Half");
        var turn = first.Seen[0].Data.GetProperty("turnId").GetGuid();

        await using var same = await talk.SayAsync(id, "Question", clientId: clientId);
        (await same.TurnAsync()).GetProperty("turnId").GetGuid().ShouldBe(turn);
        var piece = await same.UntilAsync("piece");
        talk.Reader.OpenJson(piece.GetProperty("box").GetString()!, $"piece:{turn}:0").GetProperty("text").GetString().ShouldBe("Half");
        (await Should.ThrowAsync<ProblemException>(() => talk.SayAsync(id, "Meanwhile"))).Code.ShouldBe("chat.turn_already_running");

        chat.Model.Say(" and half.").End();
        await same.UntilAsync("done");
        same.Text.ShouldBe("");
        (await talk.ReadAsync(id)).Select(each => each.Text).ShouldBe(["Question", "Half and half."]);
        chat.Model.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Leaving_ends_nothing_and_stopping_keeps_what_was_written()
    {
        var id = await talk.BeginAsync();
        chat.Model.Say("So far");
        Guid turn;
        await using (var reader = await talk.SayAsync(id, "Question"))
        {
            await reader.UntilTextAsync("So far");
            turn = reader.Seen[0].Data.GetProperty("turnId").GetGuid();
        }

        chat.Model.Say(" so good");
        await Eventually.PassAsync(async () => (await talk.ReadAsync(id))[1].Text.ShouldBe("So far so good"));
        using (var stopped = await person.PostAsync(new Uri($"{PrivateTalk.Base}/turns/{turn}/stop", UriKind.Relative), null))
            stopped.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await using (var end = await talk.FollowAsync(turn))
            (await end.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("stopped");
        var said = await talk.ReadAsync(id);
        (said[1].Text, said[1].Status).ShouldBe(("So far so good", "stopped"));
    }

    [Fact]
    public async Task An_answer_whose_node_vanished_is_read_from_its_pieces_and_gone_on_with()
    {
        var id = await talk.BeginAsync();
        await TellAsync(id, "Question", "x");
        var turn = (await talk.ReadAsync(id))[1].Turn!.Value;
        await chat.IdleAsync();
        // What a killed node leaves behind.
        await chat.Host.Db.ExecuteAsync("""
            update chat.private_message set status = 'streaming', box = null where role = 'assistant' and conversation_id = @Id;
            update chat.private_turn set status = 'running', ended_at = null, lease_until = now() - interval '1 second' where conversation_id = @Id;
            insert into chat.private_piece (turn_id, number, box) values (@Turn, 0, @First), (@Turn, 1, @Second);
            """, new { Id = id, Turn = turn, First = Piece(turn, 0, 0, "Until the lights "), Second = Piece(turn, 1, 17, "go o") }, default);
        await Eventually.PassAsync(async () => (await talk.ReadAsync(id))[1].Status.ShouldBe("interrupted"));
        var broken = (await talk.ReadAsync(id))[1];
        broken.Text.ShouldBe("Until the lights go o");

        chat.Model.Say("ut.").End();
        var go = new { clientId = Guid.CreateVersion7(), messageId = broken.Id, turnId = turn, way = new[] { new { role = "user", text = "Question" } }, text = broken.Text, parts = Array.Empty<object>() };
        await using (var reader = await talk.PostAsync($"conversations/{id}/turns/continue", go))
        {
            await reader.UntilAsync("done");
            reader.Text.ShouldBe("ut.");
        }

        (await talk.ReadAsync(id))[1].Text.ShouldBe("Until the lights go out.");
        (await Should.ThrowAsync<ProblemException>(() => talk.PostAsync($"conversations/{id}/turns/continue", go with { clientId = Guid.CreateVersion7() }))).Code.ShouldBe("chat.nothing_to_continue");
    }

    [Fact]
    public async Task An_answer_that_has_gone_on_since_it_was_read_is_not_written_over()
    {
        var id = await talk.BeginAsync();
        chat.Model.Say("Half").Fail(new ModelCallException(new("gateway.cut", 502, "Cut."), Blame.Upstream));
        await using (var reader = await talk.SayAsync(id, "Question"))
            (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("failed");
        var broken = (await talk.ReadAsync(id))[1];
        broken.Box.GetProperty("error").GetProperty("code").GetString().ShouldBe("gateway.cut");

        var stale = new { clientId = Guid.CreateVersion7(), messageId = broken.Id, turnId = Guid.CreateVersion7(), way = new[] { new { role = "user", text = "Question" } }, text = "" };
        (await Should.ThrowAsync<ProblemException>(() => talk.PostAsync($"conversations/{id}/turns/continue", stale))).Code.ShouldBe("chat.private_stale");
        (await talk.ReadAsync(id))[1].Text.ShouldBe("Half");
    }

    [Fact]
    public async Task Pictures_of_a_model_are_not_kept()
    {
        var id = await talk.BeginAsync();
        chat.Model.Add(new DataContent(Pictures.Png(4, 4), "image/png")).Say("Painted.").End();
        await using (var reader = await talk.SayAsync(id, "Paint"))
            await reader.UntilAsync("done");

        (await talk.ReadAsync(id))[1].Box.GetProperty("parts")[0].GetProperty("code").GetString().ShouldBe("image-not-kept");
        (await chat.Host.Db.FindAsync<int>("select count(*)::int from chat.attachment where origin = 'generated'", null, default)).ShouldBe(0);
    }

    [Fact]
    public async Task Nobody_else_finds_it_and_other_parts_of_the_chat_do_not_know_it()
    {
        var id = await talk.BeginAsync();
        await TellAsync(id, "Question", "Answer");
        using var stranger = await chat.Host.PersonAsync();
        using (var found = await stranger.GetAsync(new Uri($"{PrivateTalk.Base}/conversations/{id}", UriKind.Relative)))
            found.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using (var second = await stranger.PostAsJsonAsync($"{PrivateTalk.Base}/conversations", new { id }))
            second.StatusCode.ShouldBe(HttpStatusCode.NotFound, "who has no key begins nothing, least of all another person's");
        foreach (var path in (string[])[$"conversations/{id}", $"conversations/{id}/messages", $"conversations/{id}/tree", $"conversations/{id}/people"])
        {
            using var plain = await person.GetAsync(new Uri($"/api/chat/{path}", UriKind.Relative));
            plain.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }

        (await person.GetFromJsonAsync<JsonElement>("/api/chat/conversations")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Another_node_reads_the_pieces_and_stops_the_turn()
    {
        await using var one = await ChatHost.StartAsync();
        await using var two = await ChatHost.StartAsync(one.Host.Database);
        using var near = await PrivateTalk.SetUpAsync(one.Client);
        using var far = new PrivateTalk(two.Client, PrivateReader.Of(near.Reader.PrivateKey));
        var id = await near.BeginAsync();
        one.Model.Say("Written here");
        await using var asking = await near.SayAsync(id, "Question");
        await asking.UntilTextAsync("Written here");
        var turn = asking.Seen[0].Data.GetProperty("turnId").GetGuid();

        await using var reading = await far.FollowAsync(turn);
        var piece = await reading.UntilAsync("piece");
        far.Reader.OpenJson(piece.GetProperty("box").GetString()!, $"piece:{turn}:0").GetProperty("text").GetString().ShouldBe("Written here");
        using (var stopped = await two.Client.PostAsync(new Uri($"{PrivateTalk.Base}/turns/{turn}/stop", UriKind.Relative), null))
            stopped.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await reading.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("stopped");
        (await asking.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("stopped");
        (await far.ReadAsync(id))[1].Text.ShouldBe("Written here");
    }

    [Fact]
    public async Task A_turn_beyond_the_plan_is_refused_before_anything_is_kept()
    {
        var id = await talk.BeginAsync();
        await LimitAsync(1);
        try
        {
            await TellAsync(id, "First", "One.");
            (await Should.ThrowAsync<ProblemException>(() => talk.SayAsync(id, "Second"))).Code.ShouldBe("accounts.quota_exhausted");
        }
        finally
        {
            await LimitAsync(null);
        }

        (await talk.ReadAsync(id)).Count.ShouldBe(2);
        chat.Model.Asked.Count.ShouldBe(1);

        async Task LimitAsync(long? requestsPerDay)
        {
            using var set = await chat.Client.PutAsJsonAsync("/api/accounts/plans/premium", new { requestsPerDay, storageBytes = (long?)null, bandwidthBytesPerMonth = (long?)null });
            set.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
    }

    byte[] Piece(Guid turn, int number, int at, string text)
        => Convert.FromBase64String(talk.Reader.Seal(JsonSerializer.Serialize(new { at, text, steps = Array.Empty<object>() }), $"piece:{turn}:{number}"));

    async Task TellAsync(Guid conversation, string text, string answer)
    {
        chat.Model.Say(answer).End();
        var before = await talk.ReadAsync(conversation);
        await using var reader = await talk.SayAsync(conversation, text, before.Count > 0 ? before : null);
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");
    }
}
