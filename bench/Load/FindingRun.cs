using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace JeanTrail.Bench;

/// <summary>
/// Finding among a million messages of one person in a hundred thousand conversations, one of them of ten thousand messages: what a search,
/// a list and the opening of the long conversation take, one request after the other.
/// </summary>
internal static class FindingRun
{
    const int LongConversation = 10_000;
    const int Repeats = 200;

    static readonly Guid[] Projects = [.. Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7())];

    public static async Task<int> RunAsync(string[] args)
    {
        var messages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var conversations = messages / 10;
        await using var server = await Server.StartAsync();
        await using var connection = await Database.OpenAsync(server.Data);
        var owner = (Guid)(await new NpgsqlCommand("select user_id from accounts.\"user\" limit 1", connection).ExecuteScalarAsync())!;
        var prose = new Prose();
        var watch = Stopwatch.StartNew();
        var longOne = await SeedAsync(connection, owner, prose, messages, conversations);
        Console.WriteLine($"{messages} messages in {conversations} conversations written in {watch.Elapsed.TotalSeconds:0} s");
        watch.Restart();
        while ((long)(await new NpgsqlCommand("select count(*) from (select 1 from chat.unindexed limit 1) x", connection).ExecuteScalarAsync())! > 0)
            await Task.Delay(500);
        Console.WriteLine($"indexed in {watch.Elapsed.TotalSeconds:0} s, {messages / watch.Elapsed.TotalSeconds:0} messages/s");
        await new NpgsqlCommand("vacuum analyze", connection).ExecuteNonQueryAsync();
        await using (var sizes = await new NpgsqlCommand(
            "select pg_size_pretty(pg_total_relation_size('chat.message')), pg_size_pretty(pg_table_size('chat.message_index')), pg_size_pretty(pg_relation_size('chat.message_index_words'))",
            connection).ExecuteReaderAsync())
        {
            await sizes.ReadAsync();
            Console.WriteLine($"messages {sizes.GetString(0)}, index table {sizes.GetString(1)}, its words {sizes.GetString(2)}");
        }

        return await MeasureAsync(server, prose, longOne);
    }

    static async Task<int> MeasureAsync(Server server, Prose prose, Guid longOne)
    {
        var random = new Random(11);
        string Word(int from, int to) => Uri.EscapeDataString(prose.Word(random.Next(Prose.LanguageCount), random.Next(from, to)));
        (string Name, Func<string> Path)[] searches =
        [
            ("one rare word", () => $"q={Word(8_000, 40_000)}%20"),
            ("one common word", () => $"q={Word(0, 40)}%20"),
            ("two words", () => $"q={Word(0, 100)}%20{Word(500, 3_000)}%20"),
            ("two common words", () => $"q={Word(10, 60)}%20{Word(10, 60)}%20"),
            ("a word being typed", () => $"q={Uri.EscapeDataString(prose.Word(random.Next(Prose.LanguageCount), random.Next(100, 20_000))[..2])}"),
            ("common word, tag", () => $"q={Word(0, 40)}%20&tag=tag{random.Next(200)}"),
            ("common word, project", () => $"q={Word(0, 40)}%20&project={Projects[random.Next(Projects.Length)]}"),
            ("word, role, code, year", () => $"q={Word(100, 2_000)}%20&role=assistant&has=code&from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z"),
            ("nothing to be found", () => $"q=zzq{random.Next(100_000)}%20{Word(0, 100)}%20"),
        ];
        (string Name, Func<string> Path)[] lists =
        [
            ("first page", () => "limit=60"),
            ("of a project", () => $"limit=60&project={Projects[random.Next(Projects.Length)]}"),
            ("of a tag", () => $"limit=60&tag=tag{random.Next(200)}"),
            ("title, common word", () => $"limit=60&title={Word(0, 60)}"),
            ("title, rare word", () => $"limit=60&title={Word(5_000, 30_000)}"),
            ("archived", () => "limit=60&view=archived"),
        ];
        var found = await TimeAllAsync(server, "/api/chat/search?", searches);
        var listed = await TimeAllAsync(server, "/api/chat/conversations?", lists);
        var opened = await TimeAsync(server, () => $"/api/chat/conversations/{longOne}", () => $"/api/chat/conversations/{longOne}/messages?limit=50");
        Console.WriteLine(Machine.Row("open the long conversation", opened));
        return Machine.Verdict("p95 of every kind of search under 50 ms", found < 50)
            + Machine.Verdict("p95 of every kind of list under 20 ms", listed < 20)
            + Machine.Verdict("p95 of opening 10,000 messages under 300 ms", Machine.Quantile(opened, .95) < 300);
    }

    /// <summary>The worst p95.</summary>
    static async Task<double> TimeAllAsync(Server server, string path, (string Name, Func<string> Path)[] kinds)
    {
        var worst = 0.0;
        foreach (var (name, query) in kinds)
        {
            var times = await TimeAsync(server, () => path + query());
            Console.WriteLine(Machine.Row(name, times));
            worst = Math.Max(worst, Machine.Quantile(times, .95));
        }

        return worst;
    }

    static async Task<List<double>> TimeAsync(Server server, params Func<string>[] paths)
    {
        var times = new List<double>();
        for (var i = -20; i < Repeats; i++)
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var path in paths)
            {
                using var response = await server.Client.GetAsync(new Uri(path(), UriKind.Relative));
                await response.Content.ReadAsByteArrayAsync();
                response.EnsureSuccessStatusCode();
            }

            if (i >= 0)
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times;
    }

    static async Task<Guid> SeedAsync(NpgsqlConnection connection, Guid owner, Prose prose, int messages, int conversations)
    {
        var random = new Random(5);
        var begin = new DateTimeOffset(2023, 6, 1, 0, 0, 0, TimeSpan.Zero);
        var step = TimeSpan.FromDays(900) / messages;
        var ids = Enumerable.Range(0, conversations).Select(i => Guid.CreateVersion7(begin + step * 10 * i)).ToArray();
        var (heads, counts) = (new Guid?[conversations], new int[conversations]);
        foreach (var (project, i) in Projects.Select((project, i) => (project, i)))
        {
            await using var insert = new NpgsqlCommand("insert into chat.project (project_id, owner_id, name, created_at, updated_at) values ($1, $2, $3, $4, $4)", connection)
            {
                Parameters = { new() { Value = project }, new() { Value = owner }, new() { Value = $"Project {i}" }, new() { Value = begin } },
            };
            await insert.ExecuteNonQueryAsync();
        }

        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy chat.conversation (conversation_id, owner_id, title, created_at, updated_at, archived_at, project_id, tags) from stdin (format binary)"))
        {
            for (var i = 0; i < conversations; i++)
            {
                var at = begin + step * 10 * i;
                await copy.StartRowAsync();
                await copy.WriteAsync(ids[i]);
                await copy.WriteAsync(owner);
                await copy.WriteAsync(prose.Text(random, i % Prose.LanguageCount, 5, code: false));
                await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
                await WriteAsync(copy, random.Next(20) == 0 ? (DateTimeOffset?)at : null);
                await WriteAsync(copy, random.Next(10) == 0 ? (Guid?)Projects[random.Next(Projects.Length)] : null);
                await copy.WriteAsync(random.Next(10) == 0 ? [$"tag{random.Next(200)}"] : Array.Empty<string>(), NpgsqlDbType.Array | NpgsqlDbType.Text);
            }

            await copy.CompleteAsync();
        }

        // Interleaved as they were said; the last conversation is the long one.
        for (var done = 0; done < messages;)
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                "copy chat.message (message_id, conversation_id, parent_id, role, text, model_id, status, created_at) from stdin (format binary)");
            for (var end = Math.Min(messages, done + 50_000); done < end; done++)
            {
                var to = done >= messages - LongConversation ? conversations - 1 : Math.Min(conversations - 2, Math.Max(0, done / 10 + random.Next(-20, 20)));
                var (at, answer) = (begin + step * done, counts[to]++ % 2 == 1);
                var id = Guid.CreateVersion7(at);
                await copy.StartRowAsync();
                await copy.WriteAsync(id);
                await copy.WriteAsync(ids[to]);
                await WriteAsync(copy, heads[to]);
                await copy.WriteAsync(answer ? "assistant" : "user");
                await copy.WriteAsync(prose.Text(random, to % Prose.LanguageCount, answer ? random.Next(40, 160) : random.Next(3, 30), code: answer && random.Next(12) == 0));
                await copy.WriteAsync(answer ? "bench/model" : null, NpgsqlDbType.Text);
                await copy.WriteAsync("complete");
                await copy.WriteAsync(at, NpgsqlDbType.TimestampTz);
                heads[to] = id;
            }

            await copy.CompleteAsync();
        }

        await using var head = new NpgsqlCommand(
            "update chat.conversation c set head_message_id = h.head from unnest($1, $2) as h (id, head) where c.conversation_id = h.id", connection)
        {
            Parameters = { new() { Value = ids.Where((_, i) => heads[i] is not null).ToArray() }, new() { Value = heads.OfType<Guid>().ToArray() } },
        };
        await head.ExecuteNonQueryAsync();
        return ids[^1];
    }

    static Task WriteAsync<T>(NpgsqlBinaryImporter copy, T? value)
        where T : struct => value is { } given
            ? given is DateTimeOffset at ? copy.WriteAsync(at, NpgsqlDbType.TimestampTz) : copy.WriteAsync(given)
            : copy.WriteNullAsync();
}
