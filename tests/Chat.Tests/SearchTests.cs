using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace JeanTrail.Chat.Tests;

/// <summary>Each test speaks of things that no other test of the class speaks of.</summary>
public sealed class SearchTests : IClassFixture<ChatFixture>
{
    readonly ChatHost chat;

    public SearchTests(ChatFixture fixture)
    {
        chat = fixture.Chat;
        chat.Model.Reset();
    }

    [Theory]
    // Endings, accents and the forms of letters, in each interface language.
    [InlineData("She was running along the quay", "runs quays", "running|quay")]
    [InlineData("Где находятся старинные маяки?", "маяк находится", "находятся|маяки")]
    [InlineData("Ёлка стоит у причала", "елка", "Ёлка")]
    [InlineData("Thời tiết ở Hội An thế nào?", "thoi tiet hoi", "Thời|tiết|Hội")]
    [InlineData("Bến Đà Nẵng đông khách", "đà nẵng", "Đà|Nẵng")]
    [InlineData("زرنا المكتبةَ الكبيرة أمس", "مكتبة كبيرة", "المكتبةَ|الكبيرة")]
    [InlineData("الصور القديمة في الأرشيف", "ارشيف", "الأرشيف")]
    [InlineData("مررنا بالجامعة اليوم", "جامعه", "بالجامعة")]
    public async Task Words_are_found_in_every_interface_language(string said, string sought, string marked)
    {
        var id = await SayAsync(said);

        var item = (await FindAsync($"q={Uri.EscapeDataString(sought + " ")}")).Single(each => each.GetProperty("messageId").GetGuid() == id);

        Marked(item).ShouldBe(marked.Split('|'));
        item.GetProperty("by").GetString().ShouldBe("words");
    }

    [Theory]
    [InlineData("Call document.getElementById before paint", "getElementById", "getElementById")]
    [InlineData("Call window.queueMicrotask afterwards", "microtask", "queueMicrotask")]
    [InlineData("The column is called owner_shelfmark here", "shelfmark", "owner_shelfmark")]
    [InlineData("A word still being typed: lighthousekeeper", "lighthousek", "lighthousekeeper")]
    public async Task Code_is_found_by_whole_names_by_their_parts_and_by_their_beginnings(string said, string sought, string marked)
    {
        var id = await SayAsync(said);

        var item = (await FindAsync($"q={sought}")).Single(each => each.GetProperty("messageId").GetGuid() == id);

        Marked(item).ShouldBe([marked]);
    }

    [Fact]
    public async Task What_others_share_is_found_for_as_long_as_it_is_shared()
    {
        var hidden = await chat.NewConversationAsync();
        await chat.TellAsync(hidden, "The quartermaster hides the spyglass", "Where?");
        var shared = await chat.NewConversationAsync();
        await chat.TellAsync(shared, "The quartermaster polishes the spyglass", "Good.");
        await chat.IndexedAsync();
        using var mia = await Guest.JoinAsync(chat, shared, "view");
        using var own = await mia.Client.PostAsJsonAsync("/api/chat/conversations", new { title = "Mine" });
        using var bruno = await chat.Host.PersonAsync();

        (await FoundByAsync(mia.Client, "q=quartermaster")).ShouldBe([shared]);
        (await FoundByAsync(mia.Client, "q=quartermaster&role=user")).ShouldBe([shared]);
        (await FoundByAsync(mia.Client, "q=quartermaster&role=assistant")).ShouldBeEmpty();
        (await FoundByAsync(mia.Client, "role=user")).ShouldBe([shared], "filters alone list no more than that either");
        (await FoundByAsync(mia.Client, "q=spyglass&tag=nothing")).ShouldBeEmpty();
        (await FoundByAsync(bruno, "q=quartermaster")).ShouldBeEmpty();
        (await FoundByAsync(chat.Client, "q=quartermaster")).ShouldBe([shared, hidden]);

        (await mia.DeleteAsync($"/people/{mia.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await FoundByAsync(mia.Client, "q=quartermaster")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_in_the_middle_of_a_word_is_found_by_its_letters()
    {
        var id = await SayAsync("error code XQ77-ZORBLAXIAN-13");

        var item = (await FindAsync("q=blaxia")).ShouldHaveSingleItem();

        item.GetProperty("messageId").GetGuid().ShouldBe(id);
        item.GetProperty("by").GetString().ShouldBe("letters");
        Marked(item).ShouldBe(["BLAXIA"]);
    }

    [Fact]
    public async Task What_lies_in_the_bin_takes_no_place_among_what_is_found_by_letters()
    {
        var kept = await SayAsync("error code WW41-ZORBLUXIAN-7");
        await SayAsync("error code WW42-ZORBLUXIAN-8");
        await chat.Host.Db.ExecuteAsync(
            "update chat.conversation c set deleted_at = now() from chat.message m where m.conversation_id = c.conversation_id and m.text like '%WW42-%'", null, default);

        (await FindIdsAsync("q=rbluxia&limit=1")).ShouldBe([kept]);
    }

    [Fact]
    public async Task A_vietnamese_word_with_its_accents_finds_only_itself()
    {
        var with = await SayAsync("qq88 bán nhà cũ");
        var without = await SayAsync("qq88 ban nha khoa");

        (await FindIdsAsync("q=" + Uri.EscapeDataString("qq88 bán "))).ShouldBe([with]);
        (await FindIdsAsync("q=" + Uri.EscapeDataString("qq88 ban "))).ShouldBe([without, with], ignoreOrder: true);
    }

    [Fact]
    public async Task Words_in_quotation_marks_must_follow_each_other()
    {
        var together = await SayAsync("qq11 a green parrot flew by");
        var apart = await SayAsync("qq11 a parrot that was green");

        (await FindIdsAsync("q=qq11 green parrot")).ShouldBe([apart, together], ignoreOrder: true);
        (await FindIdsAsync("q=qq11 \"green parrot\"")).ShouldBe([together]);
    }

    [Fact]
    public async Task Every_word_must_be_there_and_common_ones_do_not_hinder()
    {
        var id = await SayAsync("qq12 a tortoise in a barn");

        (await FindIdsAsync("q=qq12 tortoise")).ShouldBe([id]);
        (await FindIdsAsync("q=the qq12 tortoise ")).ShouldBe([id], "an article tells nothing");
        (await FindIdsAsync("q=qq12 giraffe")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_filtered_out_is_not_found()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("qq13 an answer with ```\nprint(1)\n```").End();
        await using (var reader = await chat.SayAsync(conversation, "qq13 a question", modelId: "test/filtered"))
            await reader.UntilAsync("done");
        var project = (await chat.PostAsync("/api/chat/projects", new { name = "Sought" })).GetProperty("id").GetGuid();
        await chat.PutAsync($"/api/chat/conversations/{conversation}/project", new { projectId = project });
        await chat.PutAsync($"/api/chat/conversations/{conversation}/tags", new { tags = new[] { "Harbour's own" } });
        await chat.IndexedAsync();

        async Task<string[]> Roles(string filter) => [.. (await FindAsync("q=qq13" + filter)).Select(each => each.GetProperty("role").GetString()!).Order(StringComparer.Ordinal)];
        string[] both = ["assistant", "user"];
        (await Roles("")).ShouldBe(both);
        (await Roles("&role=user")).ShouldBe(["user"]);
        (await Roles("&has=code")).ShouldBe(["assistant"]);
        (await Roles("&has=image")).ShouldBeEmpty();
        (await Roles("&model=test/filtered")).ShouldBe(["assistant"]);
        (await Roles("&model=test/other")).ShouldBeEmpty();
        (await Roles($"&project={project}")).ShouldBe(both);
        (await Roles($"&project={Guid.CreateVersion7()}")).ShouldBeEmpty();
        (await Roles("&tag=" + Uri.EscapeDataString("harbour's OWN"))).ShouldBe(both);
        (await Roles("&tag=other")).ShouldBeEmpty();
        (await Roles("&from=2020-01-01T00:00:00Z")).ShouldBe(both);
        (await Roles("&to=2020-01-01T00:00:00Z")).ShouldBeEmpty();
        (await FindAsync($"project={project}")).Length.ShouldBe(2, "a filter alone lists what passes it");
    }

    [Theory]
    [InlineData("00:00:10")]
    // Each page is over as soon as it may be: what one did not get to, the next ones do.
    [InlineData("00:00:00")]
    public async Task Results_are_paged_newest_first_over_many_segments_without_gaps(string time)
    {
        await using var chat = await ChatHost.StartAsync(null, ("Chat:SearchTime", time));
        var conversation = await chat.NewConversationAsync();
        // Four segments' worth, of which the middle ones overlap in time as those of an import do.
        const int Count = 12_500;
        await chat.Host.Db.ExecuteAsync(
            """
            insert into chat.message (message_id, conversation_id, role, text, status, created_at)
            select gen_random_uuid(), @Id, 'user', 'qq14 number ' || n || case when n % 50 = 0 then ' fiftieth' else '' end, 'complete',
                '2026-01-01T00:00:00Z'::timestamptz + (n * 7919 % @Count) * interval '1 minute'
            from generate_series(1, @Count) n
            """,
            new { Id = conversation, Count }, default);
        await chat.IndexedAsync();

        var times = new List<DateTimeOffset>();
        var ids = new HashSet<Guid>();
        string? cursor = null;
        do
        {
            var page = await chat.GetAsync($"/api/chat/search?q=qq14 fiftieth &limit=40&cursor={cursor}");
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                ids.Add(item.GetProperty("messageId").GetGuid()).ShouldBeTrue("nothing is on two pages");
                times.Add(item.GetProperty("createdAt").GetDateTimeOffset());
            }

            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        ids.Count.ShouldBe(Count / 50);
        times.ShouldBe(times.OrderDescending());
    }

    [Fact]
    public async Task The_count_says_when_it_is_not_all()
    {
        var conversation = await chat.NewConversationAsync();
        await chat.Host.Db.ExecuteAsync(
            """
            insert into chat.message (message_id, conversation_id, role, text, status, created_at)
            select gen_random_uuid(), @Id, 'user', 'qq15 ' || n, 'complete', '2026-01-02T00:00:00Z'::timestamptz + n * interval '1 second' from generate_series(1, 300) n
            """,
            new { Id = conversation }, default);
        await chat.IndexedAsync();

        var many = await chat.GetAsync("/api/chat/search?q=qq15&limit=10");
        many.GetProperty("found").GetInt32().ShouldBe(100);
        many.GetProperty("foundAll").GetBoolean().ShouldBeFalse();
        var one = await chat.GetAsync("/api/chat/search?q=qq15 299&limit=10");
        one.GetProperty("found").GetInt32().ShouldBe(1);
        one.GetProperty("foundAll").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task An_edited_message_is_found_by_its_new_words_and_a_deleted_conversation_not_at_all()
    {
        var id = await SayAsync("qq16 before");
        await chat.Host.Db.ExecuteAsync("update chat.message set text = 'qq16 afterwards' where message_id = @Id", new { Id = id }, default);
        await chat.IndexedAsync();
        (await FindIdsAsync("q=qq16 before ")).ShouldBeEmpty();
        (await FindIdsAsync("q=qq16 afterwards ")).ShouldBe([id]);

        var conversation = (await FindAsync("q=qq16")).Single().GetProperty("conversationId").GetGuid();
        (await chat.Client.DeleteAsync(new Uri($"/api/chat/conversations/{conversation}", UriKind.Relative))).EnsureSuccessStatusCode();
        (await FindIdsAsync("q=qq16")).ShouldBeEmpty();
        await chat.Host.Db.ExecuteAsync("delete from chat.conversation where conversation_id = @Id", new { Id = conversation }, default);
        (await chat.Host.Db.FindAsync<int>("select count(*)::int from chat.message_index where message_id = @Id", new { Id = id }, default)).ShouldBe(0);
    }

    [Fact]
    public async Task A_streaming_answer_is_indexed_once_when_it_is_whole()
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("qq17 first half");
        await using var reader = await chat.SayAsync(conversation, "begin");
        var answer = (await reader.TurnAsync()).GetProperty("assistantMessageId").GetGuid();
        await reader.UntilTextAsync("qq17 first half");
        await chat.IndexedAsync();
        (await FindIdsAsync("q=qq17")).ShouldBeEmpty();

        chat.Model.Say(", second half").End();
        await reader.UntilAsync("done");
        await chat.IndexedAsync();
        (await FindIdsAsync("q=qq17 second")).ShouldBe([answer]);
    }

    [Fact]
    public async Task Nobody_finds_what_somebody_else_said()
    {
        await SayAsync("qq18 secret of mine");
        await chat.Host.Db.ExecuteAsync(
            "update chat.conversation c set owner_id = gen_random_uuid() from chat.message m where m.conversation_id = c.conversation_id and m.text like 'qq18%'", null, default);
        // Even were the index wrong about whose it is, the text would not be read.
        (await FindIdsAsync("q=qq18")).ShouldBeEmpty();
        await chat.Host.Db.ExecuteAsync(
            "update chat.message_index i set owner_id = c.owner_id from chat.conversation c where c.conversation_id = i.conversation_id and c.owner_id <> i.owner_id", null, default);
        (await FindIdsAsync("q=qq18")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_left_with_its_branch_is_found_where_it_went()
    {
        var conversation = await chat.NewConversationAsync();
        var first = await chat.TellAsync(conversation, "Name a bird", "A heron");
        var second = await chat.AgainAsync(conversation, first, "A qq19spoonbill");
        using var pruned = await chat.Client.DeleteAsync(new Uri($"/api/chat/conversations/{conversation}/messages/{second}", UriKind.Relative));
        var moved = (await pruned.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("conversationId").GetGuid();
        using var restored = await chat.Client.PostAsync(new Uri($"/api/chat/conversations/{moved}/restore", UriKind.Relative), null);
        await chat.IndexedAsync();

        var found = (await FindAsync("q=qq19spoonbill")).ShouldHaveSingleItem();
        found.GetProperty("conversationId").GetGuid().ShouldBe(moved);
        (await chat.Host.Db.FindAsync<Guid>("select conversation_id from chat.message_index where message_id = @Id", new { Id = second }, default)).ShouldBe(moved);
    }

    [Theory]
    [InlineData("q=")]
    [InlineData("q=%20%20")]
    [InlineData("has=video&q=x")]
    [InlineData("role=system&q=x")]
    public async Task A_search_for_nothing_or_with_unknown_filters_is_refused(string query)
        => (await chat.Client.GetAsync(new Uri($"/api/chat/search?{query}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("'")]
    [InlineData("a' & b | !(c)")]
    [InlineData("\\ \\' :* <-> ''")]
    [InlineData("\"open quote")]
    [InlineData("%00")]
    [InlineData("\u0301\u0301")]
    public async Task What_looks_like_a_query_is_only_text(string text)
        => (await chat.Client.GetAsync(new Uri($"/api/chat/search?q={Uri.EscapeDataString(text)}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);

    /// <summary>Says it in a conversation of its own, and waits until it can be found.</summary>
    static async Task<Guid[]> FoundByAsync(HttpClient client, string query)
        => [.. (await client.GetFromJsonAsync<JsonElement>($"/api/chat/search?{query}")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("conversationId").GetGuid()).Distinct()];

    async Task<Guid> SayAsync(string text)
    {
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("Noted.").End();
        await using var reader = await chat.SayAsync(conversation, text);
        var id = (await reader.TurnAsync()).GetProperty("userMessageId").GetGuid();
        await reader.UntilAsync("done");
        await chat.IndexedAsync();
        return id;
    }

    async Task<JsonElement[]> FindAsync(string query) => [.. (await chat.GetAsync($"/api/chat/search?{query}")).GetProperty("items").EnumerateArray()];

    async Task<Guid[]> FindIdsAsync(string query) => [.. (await FindAsync(query)).Select(each => each.GetProperty("messageId").GetGuid())];

    static string[] Marked(JsonElement item)
    {
        var snippet = item.GetProperty("snippet").GetString()!;
        return [.. item.GetProperty("highlights").EnumerateArray().Select(range => snippet.Substring(range.GetProperty("start").GetInt32(), range.GetProperty("length").GetInt32()))];
    }
}
