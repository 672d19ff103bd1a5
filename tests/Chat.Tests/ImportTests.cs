using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using JeanTrail.Chat.Transfer.Import;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Chat.Tests;

public sealed class ImportTests(ChatFixture fixture) : IClassFixture<ChatFixture>
{
    readonly ChatHost chat = fixture.Chat;

    [Fact]
    public async Task What_was_exported_is_the_same_tree_when_it_is_read_in_again()
    {
        var owner = await chat.OwnerAsync();
        for (var seed = 1; seed <= 12; seed++)
        {
            var original = await RandomTalks.MakeAsync(chat, owner, seed);
            var zip = await chat.Client.DownloadAsync($"/api/chat/conversations/{original}/export?format=json&scope=all", "application/zip");
            using var reader = await chat.Host.PersonAsync();
            var import = await reader.ImportAsync(zip, "export.zip");
            (import.GetProperty("state").GetString(), import.GetProperty("source").GetString(), import.Count("taken")).ShouldBe(("succeeded", "jeantrail", 1), $"seed {seed}");
            import.GetProperty("report").GetProperty("leftOut").EnumerateObject().ShouldBeEmpty($"seed {seed}");

            var copy = (await chat.ConversationsOfAsync(await chat.OwnerAsync(reader))).ShouldHaveSingleItem();
            copy.ShouldNotBe(original);
            (await chat.TreeAsync(copy)).ShouldBe(await chat.TreeAsync(original), $"seed {seed}");

            (await reader.ImportAsync(zip, "export.zip")).Count("already").ShouldBe(1, $"seed {seed}");
            (await chat.ConversationsOfAsync(await chat.OwnerAsync(reader))).Length.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Our_own_export_is_known_where_it_was_written()
    {
        using var person = await chat.Host.PersonAsync();
        var owner = await chat.OwnerAsync(person);
        var id = await chat.AddConversationAsync(owner, "Mine");
        await chat.AddMessageAsync(id, null, "user", "Hello");
        var file = await person.DownloadAsync("/api/chat/export?format=json&files=false", "application/json");
        (await person.ImportAsync(file)).Count("already").ShouldBe(1);
        (await chat.ConversationsOfAsync(owner)).ShouldBe([id]);
    }

    [Fact]
    public async Task An_export_of_chatgpt_comes_with_its_branches_and_images_and_without_what_was_said_to_nobody()
    {
        using var person = await chat.Host.PersonAsync();
        var import = await person.ImportAsync(ExportSamples.ChatGptZip(), "chatgpt.zip");
        (import.GetProperty("state").GetString(), import.GetProperty("source").GetString()).ShouldBe(("succeeded", "chatgpt"));
        (import.Count("taken"), import.Count("skipped"), import.Count("files"), import.Count("messages")).ShouldBe((1, 1, 1, 4));
        var skipped = import.GetProperty("report").GetProperty("skippedItems")[0];
        (skipped.GetProperty("title").GetString(), skipped.GetProperty("reason").GetString()).ShouldBe(("Nothing said", "empty"));
        import.GetProperty("report").GetProperty("leftOut").GetProperty("tools").GetInt32().ShouldBe(1);

        var id = (await chat.ConversationsOfAsync(await chat.OwnerAsync(person))).ShouldHaveSingleItem();
        var tree = await chat.TreeAsync(id);
        tree.ShouldContain("Old harbour|auto||");
        Lines(tree).ShouldBe(["user|What is this?", " assistant|A lighthouse.", " assistant|A lantern room.", "  user|Thanks"]);
        tree.ShouldContain("image:0:{}:photo.png:image/png:");
        Lines(tree, "head").ShouldHaveSingleItem().ShouldContain("Thanks");
    }

    [Fact]
    public async Task An_export_of_open_webui_comes_with_its_branches_and_images()
    {
        using var person = await chat.Host.PersonAsync();
        var import = await person.ImportAsync(ExportSamples.OpenWebUi());
        (import.GetProperty("source").GetString(), import.Count("taken"), import.Count("files")).ShouldBe(("open-webui", 1, 1));
        var tree = await chat.TreeAsync((await chat.ConversationsOfAsync(await chat.OwnerAsync(person))).Single());
        Lines(tree).ShouldBe(["user|What is this?", " assistant|A dot.", " assistant|A pixel."]);
        tree.ShouldContain("|qwen3:8b|");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_export_of_librechat_comes_with_its_branches_flat_or_nested(bool recursive)
    {
        using var person = await chat.Host.PersonAsync();
        var import = await person.ImportAsync(ExportSamples.LibreChat(recursive));
        (import.GetProperty("source").GetString(), import.Count("taken")).ShouldBe(("librechat", 1));
        var tree = await chat.TreeAsync((await chat.ConversationsOfAsync(await chat.OwnerAsync(person))).Single());
        Lines(tree).ShouldBe(["user|Hello", " assistant|Hi", "  user|More", " assistant|Good day"]);
    }

    [Fact]
    public async Task The_same_file_twice_brings_nothing_twice_and_a_longer_one_only_what_is_new()
    {
        using var person = await chat.Host.PersonAsync();
        var owner = await chat.OwnerAsync(person);
        (await person.ImportAsync(ExportSamples.Line("talk", "one", "two"))).Count("taken").ShouldBe(1);
        var again = await person.ImportAsync(ExportSamples.Line("talk", "one", "two"));
        (again.Count("taken"), again.Count("already"), again.Count("messages")).ShouldBe((0, 1, 0));
        var longer = await person.ImportAsync(ExportSamples.Line("talk", "one", "two", "three"));
        (longer.Count("taken"), longer.Count("grown"), longer.Count("messages")).ShouldBe((0, 1, 1));
        var id = (await chat.ConversationsOfAsync(owner)).ShouldHaveSingleItem();
        Lines(await chat.TreeAsync(id)).ShouldBe(["user|one", " assistant|two", "  user|three"]);

        using (await person.DeleteAsync(new Uri($"/api/chat/conversations/{id}", UriKind.Relative)))
            (await chat.ConversationsOfAsync(owner)).ShouldBeEmpty();
        (await person.ImportAsync(ExportSamples.Line("talk", "one", "two", "three"))).Count("grown").ShouldBe(1, "it comes back from the bin");
        (await chat.ConversationsOfAsync(owner)).ShouldBe([id]);
    }

    [Fact]
    public async Task Two_people_may_import_the_same_file()
    {
        using var mia = await chat.Host.PersonAsync();
        using var tom = await chat.Host.PersonAsync();
        var file = ExportSamples.Line("same", "one");
        (await mia.ImportAsync(file)).Count("taken").ShouldBe(1);
        (await tom.ImportAsync(file)).Count("taken").ShouldBe(1);
        (await chat.ConversationsOfAsync(await chat.OwnerAsync(tom))).ShouldNotBe(await chat.ConversationsOfAsync(await chat.OwnerAsync(mia)));
    }

    [Theory]
    [InlineData("this is no JSON", "chat.import_broken")]
    [InlineData("[{\"mapping\":{}", "chat.import_broken")]
    [InlineData("[1,2,", "chat.import_broken")]
    [InlineData("[{\"a\":1} {\"b\":2}]", "chat.import_broken")]
    [InlineData("[]", "chat.import_unknown")]
    [InlineData("{}", "chat.import_unknown")]
    [InlineData("[1, \"two\", null, {\"title\": 7}]", "chat.import_unknown")]
    [InlineData("PK\u0003\u0004 and then nothing of an archive", "chat.import_broken")]
    public async Task A_file_that_is_no_export_is_refused_with_a_reason(string file, string code)
    {
        using var person = await chat.Host.PersonAsync();
        var import = await person.ImportAsync(Encoding.Latin1.GetBytes(file));
        (import.GetProperty("state").GetString(), import.GetProperty("errorCode").GetString()).ShouldBe(("failed", code));
        import.GetProperty("errorDetail").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task What_is_wrong_with_one_conversation_does_not_keep_the_others_out()
    {
        using var person = await chat.Host.PersonAsync();
        var import = await person.ImportAsync("""
            [
              {"title":"No id","mapping":{}},
              {"id":"circle","title":"Circle","mapping":{"a":{"parent":"b","message":{"author":{"role":"user"},"content":{"content_type":"text","parts":["x"]}}},
                "b":{"parent":"a","message":{"author":{"role":"user"},"content":{"content_type":"text","parts":["y"]}}} } },
              {"id":"odd","title":"Odd \u0000 \ud800 title","create_time":"soon","mapping":{"a":{"parent":7,"children":"none","message":{"author":{"role":"user"},
                "content":{"content_type":"text","parts":["nul \u0000 and half \ud83d of a pair 😀", 5, null]},"create_time":1e300}}}},
              {"title":"Of something else","rows":[]},
              GOOD
            ]
            """.Replace("GOOD", ExportSamples.Line("good", "kept")[1..^1], StringComparison.Ordinal));
        import.GetProperty("state").GetString().ShouldBe("succeeded");
        (import.Count("taken"), import.Count("skipped")).ShouldBe((2, 3));
        import.GetProperty("report").GetProperty("skippedItems").EnumerateArray().Select(item => item.GetProperty("reason").GetString()).ShouldBe(["malformed", "empty", "unknown-shape"]);
        var trees = new List<string>();
        foreach (var id in await chat.ConversationsOfAsync(await chat.OwnerAsync(person)))
            trees.Add(await chat.TreeAsync(id));
        trees.ShouldContain(tree => tree.Contains("nul  and half \ufffd of a pair 😀", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_breaks_off_keeps_what_was_whole()
    {
        using var person = await chat.Host.PersonAsync();
        var import = await person.ImportAsync(ExportSamples.Line("whole", "one")[..^1] + ",{\"id\":\"half");
        (import.GetProperty("state").GetString(), import.GetProperty("errorCode").GetString(), import.Count("taken")).ShouldBe(("failed", "chat.import_broken", 1));
        (await chat.ConversationsOfAsync(await chat.OwnerAsync(person))).Length.ShouldBe(1);
    }

    [Fact]
    public async Task An_empty_upload_is_refused_at_once()
    {
        using var content = new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await chat.Client.PostAsync(new Uri("/api/chat/imports", UriKind.Relative), content);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("chat.import_empty");
    }

    [Fact]
    public async Task A_long_import_shows_its_progress_and_is_cancelled_with_what_was_taken_kept()
    {
        using var person = await chat.Host.PersonAsync();
        var owner = await chat.OwnerAsync(person);
        var file = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 4_000).Select(i => ExportSamples.Line($"talk {i}", "one", "two")[1..^1]))}]");
        var id = await person.BeginImportAsync(file);
        await Eventually.BeTrueAsync(async () => (await person.GetFromJsonAsync<JsonElement>($"/api/chat/imports/{id}")) is var now
            && now.GetProperty("progress").GetDouble() is > 0 and < 1 && now.Count("taken") > 0);
        using (var second = await person.PostAsync(new Uri("/api/chat/imports", UriKind.Relative), new ByteArrayContent([1]) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } }))
            second.StatusCode.ShouldBe(HttpStatusCode.Conflict, "one at a time");
        using (var cancelled = await person.PostAsync(new Uri($"/api/chat/imports/{id}/cancel", UriKind.Relative), null))
            cancelled.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var import = await person.GetFromJsonAsync<JsonElement>($"/api/chat/imports/{id}");
        import.GetProperty("state").GetString().ShouldBe("cancelled");
        var taken = import.Count("taken");
        taken.ShouldBeLessThan(4_000);
        (await chat.ConversationsOfAsync(owner)).Length.ShouldBe(taken, "nothing is written after a cancel, and nothing that was counted is missing");
        (await chat.Host.Db.FindAsync<string?>("select blob from chat.import where import_id = @Id", new { Id = id }, default)).ShouldBeNull("the upload is gone");
    }

    [Fact]
    public async Task An_import_that_was_broken_off_goes_on_where_it_was()
    {
        using var person = await chat.Host.PersonAsync();
        var owner = new UserId(await chat.OwnerAsync(person));
        var file = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 5).Select(i => ExportSamples.Line($"talk {i}", "one")[1..^1]))}]");
        var id = Guid.CreateVersion7();
        var uploads = chat.Host.Services.GetRequiredService<ImportUpload>();
        using var body = new MemoryStream(file);
        (await uploads.PutAsync(id, body, 1_000_000, default)).TryGet(out var blob, out _).ShouldBeTrue();
        var job = await chat.Host.Services.GetRequiredService<IJobs>().EnqueueAsync(
            chat.Host.Db, new JobRequest<ImportArguments>(ImportJob.Kind, new ImportArguments(id, owner), owner, RunAt: DateTimeOffset.MaxValue), default);
        await chat.Host.Db.ExecuteAsync(
            """
            insert into chat.import (import_id, owner_id, file_name, size_bytes, blob, job_id, source, state, position, report, created_at)
            values (@Id, @Owner, 'x.json', @Size, @Blob, @Job, 'open-webui', 'running', 3,
                '{"taken":3,"grown":0,"already":0,"messages":3,"files":0,"skipped":0,"skippedItems":[],"leftOut":{}}', now())
            """,
            new { Id = id, Owner = owner, Size = file.Length, Blob = blob!.Hash.ToString(), Job = job }, default);
        await chat.Host.Db.ExecuteAsync("update kernel.job set due_at = now() where job_id = @Job", new { Job = job }, default);
        var import = await person.EndOfImportAsync(id);
        (import.GetProperty("state").GetString(), import.Count("taken")).ShouldBe(("succeeded", 5));
        (await chat.ConversationsOfAsync(owner.Value)).Length.ShouldBe(2, "the first three were taken before the fall");
    }

    [Fact]
    public async Task Somebody_elses_import_does_not_exist()
    {
        using var mia = await chat.Host.PersonAsync();
        var id = await mia.BeginImportAsync(Encoding.UTF8.GetBytes(ExportSamples.Line("hers", "one")));
        using var looking = await chat.Client.GetAsync(new Uri($"/api/chat/imports/{id}", UriKind.Relative));
        looking.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var cancelling = await chat.Client.PostAsync(new Uri($"/api/chat/imports/{id}/cancel", UriKind.Relative), null);
        cancelling.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mia.EndOfImportAsync(id)).GetProperty("state").GetString().ShouldBe("succeeded");
    }

    /// <summary>Indented role and text of each message.</summary>
    static string[] Lines(string tree, string holding = "")
        => [.. tree.Split('\n').Skip(1).Where(line => line.Contains(holding, StringComparison.Ordinal) && line.Contains('|', StringComparison.Ordinal)).Select(line => string.Join('|', line.TrimEnd('\r').Split('|').Take(2)))];
}
