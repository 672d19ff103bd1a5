using System.Net;
using System.Text.RegularExpressions;
using JeanTrail.Chat.Messages;
using JeanTrail.Testing;
using Microsoft.Extensions.AI;

namespace JeanTrail.Chat.Tests;

/// <summary>What everybody sees who has a link, and what nobody does.</summary>
public sealed partial class SharePageTests : IClassFixture<ChatFixture>
{
    const int GroupSize = 12;

    // The file has one a line; these need several.
    static readonly string[] Evil =
    [
        .. HostileMarkup.Attacks, "```html\"><script>pwn()</script>\n<script>pwn()</script>\n```", "|<script>pwn()</script>|x|\n|-|-|\n|<img src=x onerror=pwn()>|y|",
        "[x]: javascript:pwn()\n\n[x]",
    ];

    readonly ChatHost chat;

    public SharePageTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Fact]
    public async Task A_link_shows_the_conversation_to_somebody_without_an_account()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.TellAsync(conversation, "What is **two** and two?", "It is **four**.");
        var link = await SharedLink.MakeAsync(chat, conversation);

        var (status, page, response) = await link.OpenAsync(chat);

        status.ShouldBe(200);
        page.ShouldContain("What is **two** and two?");
        page.ShouldContain("It is <strong>four</strong>.");
        page.ShouldContain($"href=\"/shared/{link.Token}\"");
        page.Replace(link.Token, "", StringComparison.Ordinal).ShouldNotContain("olga", Case.Insensitive, "in words, not by chance in a token");
        page.ShouldNotContain("<script", Case.Insensitive);
        response.Headers.GetValues("X-Robots-Tag").Single().ShouldContain("noindex");
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none'; style-src 'sha256-");
        policy.ShouldNotContain("script-src");
        policy.ShouldNotContain("unsafe");
        // The hash is of the style that is really there.
        var style = Style().Match(page).Groups["css"].Value;
        policy.ShouldContain(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style))));
    }

    [Theory]
    [InlineData("ar-EG,ar;q=0.9,en;q=0.5", "lang=\"ar\" dir=\"rtl\"")]
    [InlineData("ru", "lang=\"ru\" dir=\"ltr\"")]
    [InlineData("vi-VN", "lang=\"vi\" dir=\"ltr\"")]
    [InlineData("fr;q=0.9, de", "lang=\"en\" dir=\"ltr\"")]
    public async Task The_page_speaks_the_readers_language(string accepted, string expected)
        => (await (await SharedLink.MakeAsync(chat, await TalkAsync())).OpenAsync(chat, accepted)).Text.ShouldContain(expected);

    [Fact]
    public async Task What_was_ended_what_expired_what_lies_in_the_bin_and_what_never_was_look_the_same()
    {
        var ended = await SharedLink.MakeAsync(chat, await TalkAsync());
        var expired = await SharedLink.MakeAsync(chat, await TalkAsync(), new { level = "read", expiresAt = TimeProvider.System.GetUtcNow().AddHours(1) });
        var binned = await TalkAsync();
        var gone = await SharedLink.MakeAsync(chat, binned);
        foreach (var link in (SharedLink[])[ended, expired, gone])
            (await link.OpenAsync(chat)).Status.ShouldBe(200);

        (await chat.Client.DeleteAsync(new Uri($"/api/chat/shares/{ended.Id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await chat.Host.Db.ExecuteAsync("update chat.share set expires_at = now() - interval '1 second' where share_id = @Id", new { expired.Id }, default);
        (await chat.Client.DeleteAsync(new Uri($"/api/chat/conversations/{binned}", UriKind.Relative))).EnsureSuccessStatusCode();

        var never = await (ended with { Path = "/share/" + new string('A', 43) }).OpenAsync(chat);
        never.Status.ShouldBe(404);
        foreach (var link in (SharedLink[])[ended, expired, gone, ended with { Path = "/share/x" }])
        {
            var (status, page, _) = await link.OpenAsync(chat);
            status.ShouldBe(404);
            page.ShouldBe(never.Text);
        }
    }

    [Fact]
    public async Task As_it_is_now_shows_nothing_that_is_said_later_and_following_does()
    {
        var conversation = await TalkAsync();
        var now = await SharedLink.MakeAsync(chat, conversation);
        var follows = await SharedLink.MakeAsync(chat, conversation, new { level = "read", follow = true });

        await chat.TellAsync(conversation, "And a secret?", "The later secret.");

        (await now.OpenAsync(chat)).Text.ShouldNotContain("later secret");
        (await follows.OpenAsync(chat)).Text.ShouldContain("The later secret.");
    }

    [Fact]
    public async Task An_answer_that_goes_on_after_it_was_shared_is_shown_as_far_as_it_was()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Half of 𝒜 and").Fail(new Contracts.Gateway.ModelCallException(new("gateway.upstream_error", 502, "Broken."), Contracts.Gateway.Blame.Upstream));
        await using (var broken = await chat.SayAsync(conversation, "Tell me"))
            await broken.UntilAsync("done");
        var link = await SharedLink.MakeAsync(chat, conversation, new { level = "copy" });
        var answer = Talk.Id((await chat.MessagesAsync(conversation))[^1]);
        chat.Model.Say(" the unshared rest.").End();
        await using (var rest = await chat.PostStreamAsync($"/api/chat/conversations/{conversation}/turns/continue", new { clientId = Guid.CreateVersion7(), messageId = answer }))
            await rest.UntilAsync("done");

        var page = (await link.OpenAsync(chat)).Text;
        page.ShouldContain("Half of 𝒜 and<");
        page.ShouldNotContain("unshared");
        var copy = await chat.PostAsync($"{link.Api}/copy", new { });
        Talk.Text((await chat.MessagesAsync(Talk.Id(copy)))[^1]).ShouldBe("Half of 𝒜 and");
    }

    [Fact]
    public async Task A_chosen_message_ends_it_and_other_branches_are_not_told()
    {
        var conversation = await chat.NewConversationAsync();
        var first = await chat.TellAsync(conversation, "One?", "Yes one.");
        await chat.TellAsync(conversation, "Two?", "Hidden two.");

        var page = (await (await SharedLink.MakeAsync(chat, conversation, new { level = "read", messageId = first })).OpenAsync(chat)).Text;

        page.ShouldContain("Yes one.");
        page.ShouldNotContain("Two?");
        page.ShouldNotContain("Hidden");
    }

    [Fact]
    public async Task A_message_that_is_cut_off_takes_its_link_along()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.TellAsync(conversation, "One?", "Yes one.");
        var last = await chat.TellAsync(conversation, "Two?", "Yes two.");
        var link = await SharedLink.MakeAsync(chat, conversation);
        (await chat.Client.DeleteAsync(new Uri($"/api/chat/conversations/{conversation}/messages/{last}", UriKind.Relative))).EnsureSuccessStatusCode();

        (await link.OpenAsync(chat)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Thoughts_tools_marks_and_citations_stay_private_unless_chosen()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Add(new TextReasoningContent("private-thought"))
            .Add(new FunctionCallContent("1", "look", new Dictionary<string, object?> { ["q"] = "private-argument" })).Add(new FunctionResultContent("1", "private-result"))
            .Add(new Contracts.Agents.CitationContent(new("Diary", "private-quote", 0, 5))).Say("Public answer.").End();
        await using (var turn = await chat.SayAsync(conversation, "Go"))
            await turn.UntilAsync("done");
        var answer = Talk.Id((await chat.MessagesAsync(conversation))[^1]);
        await chat.PostAsync($"/api/chat/messages/{answer}/marks", new { kind = "note", words = "private-note" });

        (await (await SharedLink.MakeAsync(chat, conversation)).OpenAsync(chat)).Text.ShouldNotContain("private");
        var told = (await (await SharedLink.MakeAsync(chat, conversation, new { level = "read", reasoning = true, tools = true })).OpenAsync(chat)).Text;
        told.ShouldContain("private-thought");
        told.ShouldContain("private-argument");
        told.ShouldContain("private-result");
        told.ShouldNotContain("private-note");
        told.ShouldNotContain("private-quote");
    }

    [Fact]
    public async Task Pictures_come_through_the_link_and_only_those_it_shows()
    {
        var conversation = await chat.NewConversationAsync();
        var shown = await chat.UploadAsync("shown.png", Pictures.Png(4, 4));
        var hidden = await chat.UploadAsync("hidden.png", Pictures.Png(5, 5));
        await SayWithAsync(conversation, "Look", shown);
        var link = await SharedLink.MakeAsync(chat, conversation);
        var without = await SharedLink.MakeAsync(chat, conversation, new { level = "read", files = false });
        await SayWithAsync(conversation, "Later", hidden);
        using var nobody = chat.Host.NewClient();

        var address = $"{link.Path}/files/{Talk.Id(shown)}";
        (await link.OpenAsync(chat)).Text.ShouldContain($"src=\"{address}\"");
        using var picture = await nobody.GetAsync(new Uri(address, UriKind.Relative));
        picture.StatusCode.ShouldBe(HttpStatusCode.OK);
        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        picture.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await nobody.GetAsync(new Uri($"{link.Path}/files/{Talk.Id(hidden)}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await nobody.GetAsync(new Uri($"{without.Path}/files/{Talk.Id(shown)}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await without.OpenAsync(chat)).Text.ShouldNotContain("shown.png");
        await chat.Client.DeleteAsync(new Uri($"/api/chat/shares/{link.Id}", UriKind.Relative));
        (await nobody.GetAsync(new Uri(address, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    public static TheoryData<int> Groups => [.. Enumerable.Range(0, (Evil.Length + GroupSize - 1) / GroupSize)];

    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Nothing_that_was_said_named_or_attached_runs(int group)
    {
        var conversation = await chat.NewConversationAsync();
        var link = default(SharedLink);
        using var mia = await chat.Host.PersonAsync();
        foreach (var evil in Evil.Skip(group * GroupSize).Take(GroupSize))
        {
            await chat.PutAsync($"/api/chat/conversations/{conversation}/title", new { title = evil.Length > 100 ? evil[..100] : evil });
            var file = await chat.UploadAsync(evil.Replace("/", "", StringComparison.Ordinal) + ".png", Pictures.Png(4, 4));
            chat.Model.Add(new TextReasoningContent(evil)).Add(new FunctionCallContent("1", evil, new Dictionary<string, object?> { ["q"] = evil }))
                .Add(new FunctionResultContent("1", evil)).Say(evil).End();
            await SayWithAsync(conversation, evil, file, scripted: true);
            link ??= await SharedLink.MakeAsync(chat, conversation, new { level = "comment", follow = true, reasoning = true, tools = true });
            (await link.CommentAsync(mia, Talk.Id((await chat.MessagesAsync(conversation))[0]), evil)).EnsureSuccessStatusCode();
            // After each, as a name is the last one's and what is not closed would swallow what comes after it.
            var (status, page, _) = await link.OpenAsync(chat);
            status.ShouldBe(200);
            ShouldBeHarmless(Style().Replace(page, ""), evil);
        }
    }

    static void ShouldBeHarmless(string body, string evil)
    {
        // Of elements there are only ours, and of attributes that act only addresses.
        Element().Matches(body).Select(match => match.Groups["name"].Value.ToLowerInvariant()).Distinct().ShouldBeSubsetOf(
            ["html", "head", "meta", "title", "body", "header", "main", "footer", "p", "h1", "article", "b", "bdi", "time", "details", "summary", "div", "pre", "code", "img", "a", "section", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "strong", "em", "blockquote"], evil);
        Element().Matches(body).Select(match => match.Value).ShouldAllBe(element => !Handler().IsMatch(element), evil);
        Address().Matches(body).Select(match => WebUtility.HtmlDecode(match.Groups["to"].Value)).ShouldAllBe(
            address => address == "#" || address.StartsWith("https://", StringComparison.Ordinal) || address.StartsWith("http://", StringComparison.Ordinal) || address.StartsWith("/share", StringComparison.Ordinal), evil);
        Images().Matches(body).Select(match => match.Groups["to"].Value).ShouldAllBe(address => address.StartsWith("/share/", StringComparison.Ordinal), evil);
    }

    [Fact]
    public void A_link_in_an_answer_tells_the_other_site_nothing()
        => RenderedText.OfMarkdown("[x](https://e.example) <https://e.example>").Split("nofollow noopener noreferrer").Length.ShouldBe(3);

    async Task<Guid> TalkAsync()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.TellAsync(conversation, "Hello", "Hello yourself.");
        return conversation;
    }

    async Task SayWithAsync(Guid conversation, string text, System.Text.Json.JsonElement file, bool scripted = false)
    {
        if (!scripted)
            chat.Model.Say("I see.").End();
        await using var turn = await chat.PostStreamAsync(
            $"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text, attachmentIds = new[] { Talk.Id(file) } });
        await turn.UntilAsync("done");
    }

    [GeneratedRegex("<style>(?<css>.*?)</style>", RegexOptions.Singleline, 1000)]
    private static partial Regex Style();

    [GeneratedRegex("<(?<name>[a-z][a-z0-9]*)\\b(\"[^\"]*\"|'[^']*'|[^'\">])*>", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Element();

    [GeneratedRegex("(?<=\\s)on[a-z]+\\s*=(?=([^\"]*\"[^\"]*\")*[^\"]*$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Handler();

    [GeneratedRegex("\\shref=\"(?<to>[^\"]*)\"", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Address();

    [GeneratedRegex("\\ssrc=\"(?<to>[^\"]*)\"", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Images();
}
