using System.Text;
using System.Text.Json;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>
/// Nothing that is said privately is written down anywhere: planted words in title, question, answer and reasoning, a server that is killed in
/// the middle of an answer, and then a look into every table and every file.
/// </summary>
public sealed class PrivatePhraseTests
{
    const string Asked = "marzipan-zeppelin-of-the-question";
    const string Answered = "marzipan-zeppelin-of-the-answer";
    const string Thought = "marzipan-zeppelin-of-the-reasoning";
    const string Named = "marzipan-zeppelin-of-the-title";

    /// <summary>Said in an ordinary conversation: the search must find what is there.</summary>
    const string Control = "marzipan-zeppelin-of-the-control";

    const string TablesSql = """
        select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
        """;

    [Fact]
    public async Task No_table_and_no_file_holds_what_was_said()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var data = JeanTrailProcess.NewDataFolder();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["JEAN_Database__ConnectionString"] = database.ConnectionString,
            ["JEAN_Gateway__Discovery"] = "false",
            ["JEAN_Logging__LogLevel__Default"] = "Debug",
            // Nobody else asks the model.
            ["JEAN_Chat__LabelByModel"] = "false",
            ["JEAN_Chat__ProposeMemory"] = "false",
        };
        await using var upstream = await OpenAiServer.StartAsync();
        var printed = "";
        var server = await JeanTrailProcess.StartAsync(data, settings: settings);
        try
        {
            using var owner = await Owner.CreateAsync(server);
            var model = await RouteAsync(owner, upstream);
            upstream.Reply("An ordinary answer.");
            await TellOpenlyAsync(owner, model);
            // Of an ordinary conversation everything is kept, sealed with the server's own key: of a private one, not even that.
            await Eventually.BeTrueAsync(async () => await KeptAsync(database) == (1, 1), "the route keeps what is said openly");
            using var reader = PrivateReader.New();
            await owner.PostAsync("/api/chat/private/key", reader.Wrap("seven herons on a quiet lake", "0000-0000"));
            var conversation = Guid.CreateVersion7();
            await owner.PostAsync("/api/chat/private/conversations", new { id = conversation });

            upstream.NextAnswer(new ScriptedAnswer { Thinking = Thought, Pieces = ["It is ", Answered] });
            var first = await SayAsync(owner, conversation, model, $"{Named} {Asked}");
            // The same again: what a cache may answer, it would.
            upstream.NextAnswer(new ScriptedAnswer { Pieces = [Answered] });
            await SayAsync(owner, conversation, model, $"{Named} {Asked}");

            // Skills that keep things do not here; that this is one shows in an ordinary conversation.
            await SayAsync(owner, conversation, "jean/basic", $"note: {Asked}");
            (await owner.GetAsync("/api/agents/notes")).GetRawText().ShouldNotContain(Asked);
            await TellOpenlyAsync(owner, "jean/basic", $"note: {Control}");
            (await owner.GetAsync("/api/agents/notes")).GetRawText().ShouldContain(Control);

            await Eventually.BeTrueAsync(
                async () => await database.Db.FindAsync<int>("select count(*)::int from gateway.usage where outcome = 'completed'", null, default) == 5, "private calls are booked as the others are");

            // Killed while it writes, with the phrase in what was written down already.
            upstream.NextReply($"{Answered} {string.Join(' ', Enumerable.Range(1, 2_000))}", tokensPerSecond: 50);
            await using (var reading = await AskAsync(owner, conversation, model, Asked))
            {
                while (!reading.Text.Contains(" 20", StringComparison.Ordinal))
                    (await reading.NextAsync()).ShouldNotBeNull();
                await Eventually.BeTrueAsync(async () => await database.Db.FindAsync<int>("select count(*)::int from chat.private_piece", null, default) > 1, "pieces are written down");
                await server.KillAsync();
            }

            printed += server.Console;
            await server.DisposeAsync();
            server = await JeanTrailProcess.StartAsync(data, server.Port, settings);
            await Eventually.BeTrueAsync(async () => (await BranchAsync(owner, conversation))[0].GetProperty("status").GetString() == "interrupted", "the lost turn is closed");
            var lost = (await BranchAsync(owner, conversation))[0];
            // Where one piece ends and the next begins is up to the clock.
            var turn = lost.GetProperty("turnId").GetGuid();
            string.Concat(lost.GetProperty("pieces").EnumerateArray().Select(piece =>
                JsonElement.Parse(reader.Open(piece.GetProperty("box").GetString()!, $"piece:{turn}:{piece.GetProperty("number").GetInt32()}")).GetProperty("text").GetString())).ShouldContain(Answered);
            await server.StopAsync();
            printed += server.Console;

            first.ShouldContain(Answered);
            (await OfAsync(database, data, printed, Control)).ShouldNotBeEmpty("the search finds what is there");
            foreach (var phrase in (string[])[Asked, Answered, Thought, Named])
                (await OfAsync(database, data, printed, phrase)).ShouldBeEmpty(phrase);
            (await KeptAsync(database)).ShouldBe((1, 1));
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>A route that would keep everything: bodies, and replies of all kinds.</summary>
    static async Task<string> RouteAsync(Owner owner, OpenAiServer upstream)
    {
        var target = await owner.ConnectAsync(upstream);
        await owner.PostAsync("/api/gateway/routes", new
        {
            name = "keeper",
            definition = new { strategy = "priority", targets = new[] { new { model = target } }, cache = new { mode = "always" }, keepBodies = true },
        });
        return "keeper";
    }

    static async Task<(int Bodies, int Replies)> KeptAsync(TestDatabase database)
        => (await database.Db.FindAsync<int>("select count(*)::int from gateway.call_body", null, default), await database.Db.FindAsync<int>("select count(*)::int from gateway.reply", null, default));

    static async Task TellOpenlyAsync(Owner owner, string model, string text = Control)
    {
        var open = (await owner.PostAsync("/api/chat/conversations", new { })).GetProperty("id").GetGuid();
        await using var reader = await owner.AskAsync($"/api/chat/conversations/{open}/turns", new { clientId = Guid.CreateVersion7(), text, modelId = model });
        await reader.UntilAsync("done");
    }

    static async Task<string> SayAsync(Owner owner, Guid conversation, string model, string text)
    {
        await using var reader = await AskAsync(owner, conversation, model, text);
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");
        return reader.Text;
    }

    static Task<EventReader> AskAsync(Owner owner, Guid conversation, string model, string text)
        => owner.AskAsync($"/api/chat/private/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text, way = Array.Empty<object>(), modelId = model });

    static async Task<JsonElement[]> BranchAsync(Owner owner, Guid conversation)
        => [.. (await owner.GetAsync($"/api/chat/private/conversations/{conversation}/messages")).GetProperty("items").EnumerateArray()];

    /// <summary>Where a phrase stands: tables, files of the data folder, what was printed.</summary>
    static async Task<List<string>> OfAsync(TestDatabase database, string data, string printed, string phrase)
    {
        var found = new List<string>();
        var shapes = ShapesOf(phrase);
        foreach (var table in await database.Db.QueryAsync<string>(TablesSql, null, default))
        {
            // Bytes show as hexadecimal in a row's text.
            foreach (var row in await database.Db.QueryAsync<string>($"select t::text from {table} t", null, default))
            {
                if (Array.Exists(shapes, shape => row.Contains(Encoding.Latin1.GetString(shape), StringComparison.OrdinalIgnoreCase)))
                    found.Add(table);
            }
        }

        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            if (Array.Exists(shapes, shape => bytes.AsSpan().IndexOf(shape) >= 0))
                found.Add(file);
        }

        if (Array.Exists(shapes, shape => printed.Contains(Encoding.Latin1.GetString(shape), StringComparison.OrdinalIgnoreCase)))
            found.Add("console");
        return found;
    }

    /// <summary>As UTF-8, as UTF-16, and both as hexadecimal and as base64 at each of its three beginnings.</summary>
    static byte[][] ShapesOf(string phrase)
    {
        byte[][] plain = [Encoding.UTF8.GetBytes(phrase), Encoding.Unicode.GetBytes(phrase), Encoding.BigEndianUnicode.GetBytes(phrase)];
        var shapes = new List<byte[]>(plain);
        foreach (var bytes in plain)
        {
            shapes.Add(Encoding.Latin1.GetBytes(Convert.ToHexStringLower(bytes)));
            shapes.Add(Encoding.Latin1.GetBytes(Convert.ToHexString(bytes)));
            for (var shift = 0; shift < 3; shift++)
            {
                // What the bytes around it change is left out at both ends.
                var text = Convert.ToBase64String([.. new byte[shift], .. bytes]);
                shapes.Add(Encoding.Latin1.GetBytes(text[4..^4]));
            }
        }

        return [.. shapes];
    }
}
