using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

public sealed class MarkTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public MarkTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task Each_kind_of_mark_is_shown_on_its_message()
    {
        var (conversation, question, answer) = await TalkAsync("What opens at two?", "The lighthouse 🗼 opens at two.");
        await AddAsync(question, new { kind = "bookmark" });
        await AddAsync(answer, new { kind = "reaction", value = "🎉" });
        await AddAsync(answer, new { kind = "rating", value = "up", reason = "correct", words = "Checked it." });
        await AddAsync(answer, new { kind = "highlight", value = "amber", start = 4, end = 14 });
        await AddAsync(answer, new { kind = "note", words = "  In winter too?  ", start = 18, end = 23 });

        var messages = await chat.MessagesAsync(conversation);
        Marks(messages[0]).ShouldBe(["bookmark:"]);
        Marks(messages[1]).ShouldBe(["reaction:🎉", "rating:up", "highlight:amber", "note:"]);
        var note = messages[1].GetProperty("marks")[3];
        note.GetProperty("words").GetString().ShouldBe("In winter too?");
        (note.GetProperty("start").GetInt32(), note.GetProperty("end").GetInt32()).ShouldBe((18, 23));
    }

    [Fact]
    public async Task The_same_reaction_stays_one_and_a_second_rating_replaces_the_first()
    {
        var (conversation, _, answer) = await TalkAsync("Hi", "Hello");
        var first = await AddAsync(answer, new { kind = "reaction", value = "👀" });
        var again = await AddAsync(answer, new { kind = "reaction", value = "👀" });
        again.GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());
        await AddAsync(answer, new { kind = "rating", value = "up" });
        await AddAsync(answer, new { kind = "rating", value = "down", reason = "wrong" });

        Marks((await chat.MessagesAsync(conversation))[1]).ShouldBe(["reaction:👀", "rating:down"]);
    }

    [Fact]
    public async Task A_rating_is_told_to_those_who_evaluate_and_so_is_its_end()
    {
        var (_, _, answer) = await TalkAsync("Hi", "Hello");
        var mark = await AddAsync(answer, new { kind = "rating", value = "down", reason = "too-long", words = "Private words" });
        await DeleteAsync(mark);

        var told = await chat.Host.Db.QueryAsync<string>(
            "select payload::text from kernel.outbox where name = 'chat.answer-rated.v1' and payload->>'messageId' = @Answer order by occurred_at, event_id",
            new { Answer = answer.ToString() }, default);
        told.Select(event_ => JsonDocument.Parse(event_).RootElement.GetProperty("rating").GetString()).ShouldBe(["down", "none"], ignoreOrder: true);
        told.ShouldAllBe(event_ => !event_.Contains("Private words", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"kind":"reaction","value":"🐍"}""")]
    [InlineData("""{"kind":"reaction"}""")]
    [InlineData("""{"kind":"rating","value":"sideways"}""")]
    [InlineData("""{"kind":"rating","value":"up","reason":"wrong"}""")]
    [InlineData("""{"kind":"highlight","value":"amber"}""")]
    [InlineData("""{"kind":"highlight","value":"#ff0000","start":0,"end":2}""")]
    [InlineData("""{"kind":"highlight","value":"amber","start":2,"end":2}""")]
    [InlineData("""{"kind":"highlight","value":"amber","start":-1,"end":2}""")]
    [InlineData("""{"kind":"highlight","value":"amber","start":0,"end":999}""")]
    [InlineData("""{"kind":"highlight","value":"amber","start":0,"end":7}""")]
    [InlineData("""{"kind":"note","words":"  "}""")]
    [InlineData("""{"kind":"note","words":"nul \u0000 inside"}""")]
    [InlineData("""{"kind":"note","words":"half a range","start":1}""")]
    [InlineData("""{"kind":"bookmark","start":0,"end":1}""")]
    [InlineData("""{"kind":"bookmark","reason":"wrong"}""")]
    [InlineData("""{"kind":"sticker"}""")]
    public async Task A_mark_that_makes_no_sense_answers_400(string body)
    {
        // "Hello " has 6 units; the next two are one character.
        var (conversation, _, answer) = await TalkAsync("Hi", "Hello 🗼!");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await chat.Client.PostAsync(Path(answer), content);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
        Marks((await chat.MessagesAsync(conversation))[1]).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_question_cannot_be_rated()
    {
        var (_, question, _) = await TalkAsync("Hi", "Hello");
        using var response = await chat.Client.PostAsJsonAsync(Path(question), new { kind = "rating", value = "up" });
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_note_is_changed_and_taken_away()
    {
        var (conversation, _, answer) = await TalkAsync("Hi", "Hello");
        var note = await AddAsync(answer, new { kind = "note", words = "First" });
        var path = new Uri($"/api/chat/marks/{note.GetProperty("id").GetGuid()}", UriKind.Relative);
        using (var changed = await chat.Client.PutAsJsonAsync(path, new { words = "Second" }))
            changed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await chat.MessagesAsync(conversation))[1].GetProperty("marks")[0].GetProperty("words").GetString().ShouldBe("Second");
        using (var emptied = await chat.Client.PutAsJsonAsync(path, new { words = " " }))
            emptied.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await DeleteAsync(note);
        Marks((await chat.MessagesAsync(conversation))[1]).ShouldBeEmpty();
        using var twice = await chat.Client.DeleteAsync(path);
        twice.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Somebody_elses_messages_and_marks_do_not_exist()
    {
        var (conversation, _, answer) = await TalkAsync("Hi", "Hello");
        var mark = await AddAsync(answer, new { kind = "note", words = "Mine" });
        await chat.Host.Db.ExecuteAsync(
            "update chat.conversation set owner_id = @Other where conversation_id = @Id; update chat.mark set owner_id = @Other where mark_id = @Mark",
            new { Other = Guid.CreateVersion7(), Id = conversation, Mark = mark.GetProperty("id").GetGuid() }, default);
        using var adding = await chat.Client.PostAsJsonAsync(Path(answer), new { kind = "bookmark" });
        adding.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var changing = await chat.Client.PutAsJsonAsync(new Uri($"/api/chat/marks/{mark.GetProperty("id").GetGuid()}", UriKind.Relative), new { words = "Yours" });
        changing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var deleting = await chat.Client.DeleteAsync(new Uri($"/api/chat/marks/{mark.GetProperty("id").GetGuid()}", UriKind.Relative));
        deleting.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_was_marked_is_listed_newest_first_with_the_words_it_is_about()
    {
        var (conversation, question, answer) = await TalkAsync("What opens?", "🗼 The lighthouse opens at two.");
        await AddAsync(answer, new { kind = "highlight", value = "teal", start = 7, end = 17 });
        await AddAsync(answer, new { kind = "note", words = "Ask again" });
        await AddAsync(question, new { kind = "bookmark" });
        await AddAsync(answer, new { kind = "reaction", value = "🎉" });

        var here = (await chat.GetAsync("/api/chat/marks?limit=200")).GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("conversationId").GetGuid() == conversation).ToArray();
        here.Select(item => item.GetProperty("mark").GetProperty("kind").GetString()).ShouldBe(["bookmark", "note", "highlight"]);
        here.Select(item => item.GetProperty("excerpt").GetString()).ShouldBe(["What opens?", "🗼 The lighthouse opens at two.", "lighthouse"]);
        var notes = (await chat.GetAsync("/api/chat/marks?kind=note&limit=200")).GetProperty("items").EnumerateArray();
        notes.ShouldAllBe(item => item.GetProperty("mark").GetProperty("kind").GetString() == "note");

        using var deleted = await chat.Client.DeleteAsync(new Uri($"/api/chat/conversations/{conversation}", UriKind.Relative));
        (await chat.GetAsync("/api/chat/marks?limit=200")).GetProperty("items").EnumerateArray()
            .ShouldNotContain(item => item.GetProperty("conversationId").GetGuid() == conversation, "what is in the bin is not listed");
    }

    static string[] Marks(JsonElement message)
        => [.. message.GetProperty("marks").EnumerateArray().Select(mark => $"{mark.GetProperty("kind").GetString()}:{mark.GetProperty("value").GetString()}")];

    static Uri Path(Guid message) => new($"/api/chat/messages/{message}/marks", UriKind.Relative);

    async Task<(Guid Conversation, Guid Question, Guid Answer)> TalkAsync(string question, string answer)
    {
        var id = await chat.NewConversationAsync();
        chat.Model.Say(answer).End();
        await using (var reader = await chat.SayAsync(id, question))
            await reader.UntilAsync("done");
        var messages = await chat.MessagesAsync(id);
        return (id, messages[0].GetProperty("id").GetGuid(), messages[1].GetProperty("id").GetGuid());
    }

    async Task<JsonElement> AddAsync(Guid message, object body)
    {
        using var response = await chat.Client.PostAsJsonAsync(Path(message), body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    async Task DeleteAsync(JsonElement mark)
    {
        using var response = await chat.Client.DeleteAsync(new Uri($"/api/chat/marks/{mark.GetProperty("id").GetGuid()}", UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }
}
