using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests;

/// <summary>Where somebody is in a text that is written together: told with their presence, and kept nowhere.</summary>
public sealed class CaretTests : IClassFixture<ChatFixture>
{
    static readonly object Place = new { anchor = "AbPX/QkEAA==", head = "AbPX/QkJAA==" };

    readonly ChatHost chat;

    public CaretTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task The_others_hear_where_somebody_is_and_when_they_are_there_no_more()
    {
        var conversation = await chat.NewConversationAsync();
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");
        await using var live = await ListenAsync(mia);
        var window = Guid.CreateVersion7();

        await TellAsync(chat.Client, conversation, new { windowId = window, state = "here", draft = conversation, caret = Place });
        var told = await HeardAsync(live, window, 1);
        told.GetProperty("draft").GetGuid().ShouldBe(conversation);
        told.GetProperty("state").GetString().ShouldBe("here");
        told.GetProperty("caret").GetProperty("anchor").GetString().ShouldBe("AbPX/QkEAA==");
        told.GetProperty("caret").GetProperty("head").GetString().ShouldBe("AbPX/QkJAA==");

        await TellAsync(chat.Client, conversation, new { windowId = window, state = "here" });
        (await HeardAsync(live, window, 2)).GetProperty("caret").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Of_somebody_who_may_only_read_it_is_told_that_they_are_here_and_not_where()
    {
        var conversation = await chat.NewConversationAsync();
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");
        using var reader = await Guest.JoinAsync(chat, conversation, "view");
        using var stranger = await chat.Host.PersonAsync();
        await using var live = await ListenAsync(mia);
        var (reading, writing) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await TellAsync(reader.Client, conversation, new { windowId = reading, state = "here", draft = conversation, caret = Place });
        await TellAsync(mia.Client, conversation, new { windowId = writing, state = "here", draft = conversation, caret = Place });
        (await PostAsync(stranger, conversation, new { windowId = reading, state = "here", draft = conversation, caret = Place })).ShouldBe((HttpStatusCode.NotFound, "chat.conversation_not_found"));

        var told = await HeardAsync(live, reading, 1);
        told.GetProperty("userId").GetGuid().ShouldBe(reader.Id);
        told.GetProperty("state").GetString().ShouldBe("here");
        told.GetProperty("caret").ValueKind.ShouldBe(JsonValueKind.Null);
        (await HeardAsync(live, writing, 1)).GetProperty("caret").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task A_caret_in_no_text_is_refused()
    {
        var conversation = await chat.NewConversationAsync();

        (await PostAsync(chat.Client, conversation, new { windowId = Guid.CreateVersion7(), state = "here", caret = Place })).ShouldBe((HttpStatusCode.BadRequest, "chat.caret_without_draft"));
    }

    public static TheoryData<string?, string?> NoPlaces() => new()
    {
        { "AQ==", null },
        { null, "AQ==" },
        { "", "AQ==" },
        { "AQ==", "no base64!" },
        { new string('A', 404), "AQ==" },
        { "AQ==", new string('A', 404) },
    };

    [Theory]
    [MemberData(nameof(NoPlaces))]
    public async Task What_is_no_place_or_too_long_for_one_is_refused(string? anchor, string? head)
    {
        var conversation = await chat.NewConversationAsync();

        (await PostAsync(chat.Client, conversation, new { windowId = Guid.CreateVersion7(), state = "here", draft = conversation, caret = new { anchor, head } }))
            .ShouldBe((HttpStatusCode.BadRequest, "kernel.validation"));
    }

    [Fact]
    public async Task The_longest_place_is_passed_on_as_it_came()
    {
        var conversation = await chat.NewConversationAsync();
        using var mia = await Guest.JoinAsync(chat, conversation, "edit");
        await using var live = await ListenAsync(mia);
        var (window, longest) = (Guid.CreateVersion7(), new string('A', 400));

        await TellAsync(chat.Client, conversation, new { windowId = window, state = "typing", draft = conversation, caret = new { anchor = longest, head = longest } });

        (await HeardAsync(live, window, 1)).GetProperty("caret").GetProperty("head").GetString().ShouldBe(longest);
    }

    static async Task<HubClient> ListenAsync(Guest guest)
    {
        var live = await HubClient.ConnectAsync(guest.Client.BaseAddress!, guest.Client);
        (await live.CallAsync("Subscribe", (await guest.ReadAsync("/people")).GetProperty("topic").GetString()!)).ShouldBeNull();
        return live;
    }

    /// <summary>The newest of what a window said, once it is so much.</summary>
    static async Task<JsonElement> HeardAsync(HubClient live, Guid window, int times)
    {
        await Eventually.BeTrueAsync(() => Said().Length == times);
        return Said()[^1];

        JsonElement[] Said() =>
        [
            .. live.Events.Where(said => said.GetProperty("name").GetString() == "chat.presence").Select(said => said.GetProperty("data"))
                .Where(data => data.GetProperty("windowId").GetGuid() == window),
        ];
    }

    static async Task TellAsync(HttpClient client, Guid conversation, object said)
        => (await PostAsync(client, conversation, said)).Status.ShouldBe(HttpStatusCode.NoContent);

    static async Task<(HttpStatusCode Status, string? Code)> PostAsync(HttpClient client, Guid conversation, object said)
    {
        using var answer = await client.PostAsJsonAsync($"/api/chat/conversations/{conversation}/presence", said);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }
}
