using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace JeanTrail.Bench;

/// <summary>What the policies of the rows cost: the same requests with them and without, in turn, on the same server and data.</summary>
internal static class RowSecurityRun
{
    const int Conversations = 300;
    const int Messages = 60;
    const int Rounds = 16;
    const int WarmUp = 40;
    const int Counted = 150;

    const string FillSql = """
        with owner as (select user_id from accounts.user limit 1),
        made as (
            insert into chat.conversation (conversation_id, owner_id, title, created_at, updated_at)
            select gen_random_uuid(), user_id, 'Talk ' || n, now() - n * interval '1 hour', now() - n * interval '1 hour' from owner, generate_series(1, @Conversations) n
            returning conversation_id, created_at),
        said as (
            insert into chat.message (message_id, conversation_id, role, text, status, created_at)
            select gen_random_uuid(), conversation_id, 'user', repeat('What is there to see at the harbour? ', 8), 'complete', created_at from made
            returning message_id, conversation_id, created_at)
        update chat.conversation c set head_message_id = said.message_id from said where c.conversation_id = said.conversation_id
        """;

    // One message below the other, as deep as a conversation is long.
    const string GrowSql = """
        with said as (
            insert into chat.message (message_id, conversation_id, parent_id, role, text, status, created_at)
            select gen_random_uuid(), c.conversation_id, c.head_message_id, case when @Step % 2 = 0 then 'user' else 'assistant' end,
                repeat('The lighthouse opens at two. ', 20), 'complete', c.created_at + @Step * interval '1 second'
            from chat.conversation c
            returning message_id, conversation_id)
        update chat.conversation c set head_message_id = said.message_id from said where c.conversation_id = said.conversation_id
        """;

    const string TablesSql = """
        select array_agg(format('alter table %I.%I %s row level security', n.nspname, c.relname, @Mode::text))
        from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = any(@Tables::oid[])
        """;

    const string SecuredSql = "select array_agg(oid::bigint) from pg_class where relrowsecurity";

    public static async Task<int> RunAsync(string[] args)
    {
        await using var server = await Server.StartAsync();
        await using var database = await Database.OpenAsync(server.Data);
        await ExecuteAsync(database, FillSql, ("Conversations", Conversations));
        for (var step = 1; step < Messages; step++)
            await ExecuteAsync(database, GrowSql, ("Step", step));
        await ExecuteAsync(database, "analyze");
        var tables = (long[])(await ScalarAsync(database, SecuredSql))!;
        var first = (Guid)(await ScalarAsync(database, "select conversation_id from chat.conversation order by updated_at desc limit 1"))!;
        (string Name, string Path)[] requests =
        [
            ("list of conversations", "/api/chat/conversations?limit=60"),
            ("60 messages", $"/api/chat/conversations/{first}/messages?limit=60"),
            ("one conversation", $"/api/chat/conversations/{first}"),
            ("search", "/api/chat/search?q=lighthouse"),
        ];
        var took = requests.ToDictionary(request => request.Name, _ => (With: new List<double>(), Without: new List<double>()));
        for (var round = 0; round < Rounds; round++)
        {
            var with = round % 2 == 0;
            // One by one: the server works on several of them at once, in an order of its own.
            foreach (var change in (string[])(await ScalarAsync(database, TablesSql, ("Mode", with ? "enable" : "disable"), ("Tables", tables)))!)
                await ExecuteAsync(database, change);
            foreach (var (name, path) in requests)
            {
                for (var i = -WarmUp; i < Counted; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
                    answer.EnsureSuccessStatusCode();
                    if (i >= 0)
                        (with ? took[name].With : took[name].Without).Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        foreach (var (name, (with, without)) in took)
        {
            Console.WriteLine(Machine.Row($"{name}, with", with));
            Console.WriteLine(Machine.Row($"{name}, without", without));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  x {Machine.Quantile(with, .5) / Machine.Quantile(without, .5):0.00} in the middle, x {Machine.Quantile(with, .95) / Machine.Quantile(without, .95):0.00} at p95"));
        }

        return 0;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params (string Name, object Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, params (string Name, object Value)[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync();
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, (string Name, object Value)[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
