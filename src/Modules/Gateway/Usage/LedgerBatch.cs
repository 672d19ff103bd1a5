using System.Text.Json;
using Dapper;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Http;
using NpgsqlTypes;

namespace JeanTrail.Gateway.Usage;

/// <summary>Calls as rows of the books, many in one statement.</summary>
internal static class LedgerBatch
{
    const string ColumnNames = """
        usage_id, user_id, key_id, team_id, surface, route, provider_id, model_id, trace_id, streamed, started_at, ended_at,
        input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, estimated, cost_micros, price_id,
        first_byte_ms, total_ms, status, outcome, error_code, blame, decision, cache, attempts, guardrail, node_id
        """;

    const string AddCommand = $"copy gateway.usage ({ColumnNames}) from stdin (format binary)";

    // The heartbeat comes with it: who writes is alive. A row that was closed stays as it is, except that a node that was taken for dead and is
    // not knows better what became of its own calls.
    const string PutSql = $"""
        with beat as (
            insert into gateway.node (node_id, name, started_at, seen_at) values (@Node, @NodeName, now(), now())
            on conflict (node_id) do update set seen_at = excluded.seen_at)
        insert into gateway.usage ({ColumnNames})
        select r.*, @Node from unnest(
            @Ids::uuid[], @Users::uuid[], @Keys::uuid[], @Teams::uuid[], @Surfaces::text[], @Routes::text[], @Providers::uuid[], @Models::text[],
            @Traces::text[], @Streamed::boolean[], @Started::timestamptz[], @Ended::timestamptz[],
            @Input::bigint[], @Output::bigint[], @CachedInput::bigint[], @CacheWrite::bigint[], @Reasoning::bigint[], @Estimated::boolean[],
            @Costs::bigint[], @Prices::uuid[], @FirstByteMs::int[], @TotalMs::int[], @Statuses::int[], @Outcomes::text[], @ErrorCodes::text[],
            @Blames::text[], @Decisions::text[], @Caches::text[], @Attempts::jsonb[], @Guardrails::text[]) as r
        on conflict (usage_id) do update set
            provider_id = excluded.provider_id, model_id = excluded.model_id, ended_at = excluded.ended_at,
            input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, cached_input_tokens = excluded.cached_input_tokens,
            cache_write_tokens = excluded.cache_write_tokens, reasoning_tokens = excluded.reasoning_tokens, estimated = excluded.estimated,
            cost_micros = excluded.cost_micros, price_id = excluded.price_id, first_byte_ms = excluded.first_byte_ms, total_ms = excluded.total_ms,
            status = excluded.status, outcome = excluded.outcome, error_code = excluded.error_code, blame = excluded.blame,
            decision = excluded.decision, cache = excluded.cache, attempts = excluded.attempts, guardrail = excluded.guardrail
        where usage.outcome in ('running', 'interrupted') and usage.node_id = excluded.node_id
        """;

    const int LongestName = 300;
    const int LongestText = 1_000;

    /// <summary>In the order of the statement. A column's name is that of its array.</summary>
    static readonly LedgerColumn[] Columns =
    [
        Column("Ids", NpgsqlDbType.Uuid, row => row.Entry.Id),
        Column("Users", NpgsqlDbType.Uuid, row => row.Entry.Consumer.UserId.Value),
        Column("Keys", NpgsqlDbType.Uuid, row => row.Entry.Consumer.KeyId),
        Column("Teams", NpgsqlDbType.Uuid, row => row.Entry.Consumer.TeamId),
        Column("Surfaces", NpgsqlDbType.Text, row => row.Entry.Surface.Name()),
        Column("Routes", NpgsqlDbType.Text, row => Text(row.Entry.Route, LongestName)),
        Column("Providers", NpgsqlDbType.Uuid, row => row.Entry.ProviderId),
        Column("Models", NpgsqlDbType.Text, row => Text(row.Entry.ModelId, LongestName)),
        Column("Traces", NpgsqlDbType.Text, row => Text(row.Entry.TraceId, LongestName)),
        Column("Streamed", NpgsqlDbType.Boolean, row => row.Entry.Streamed),
        Column("Started", NpgsqlDbType.TimestampTz, row => row.Entry.StartedAt.ToUniversalTime()),
        Column("Ended", NpgsqlDbType.TimestampTz, row => row.Outcome == CallOutcomes.Running ? default(DateTimeOffset?) : (row.Entry.StartedAt + row.Total).ToUniversalTime()),
        Column("Input", NpgsqlDbType.Bigint, row => row.Counts.Input),
        Column("Output", NpgsqlDbType.Bigint, row => row.Counts.Output),
        Column("CachedInput", NpgsqlDbType.Bigint, row => row.Counts.CachedInput),
        Column("CacheWrite", NpgsqlDbType.Bigint, row => row.Counts.CacheWrite),
        Column("Reasoning", NpgsqlDbType.Bigint, row => row.Counts.Reasoning),
        Column("Estimated", NpgsqlDbType.Boolean, row => row.Counts.Estimated),
        Column("Costs", NpgsqlDbType.Bigint, row => row.CostMicros),
        Column("Prices", NpgsqlDbType.Uuid, row => row.PriceId),
        Column("FirstByteMs", NpgsqlDbType.Integer, row => row.Entry.FirstByte is { } time ? Milliseconds(time) : default(int?)),
        Column("TotalMs", NpgsqlDbType.Integer, row => Milliseconds(row.Total)),
        Column("Statuses", NpgsqlDbType.Integer, row => row.Entry.Status),
        Column("Outcomes", NpgsqlDbType.Text, row => row.Outcome),
        Column("ErrorCodes", NpgsqlDbType.Text, row => row.Entry.Error?.Code),
        Column("Blames", NpgsqlDbType.Text, row => row.Entry.Blame?.ToString().ToLowerInvariant()),
        Column("Decisions", NpgsqlDbType.Text, row => Text(row.Entry.Decision, LongestText)),
        Column("Caches", NpgsqlDbType.Text, row => Text(row.Entry.Cache, LongestName)),
        Column("Attempts", NpgsqlDbType.Jsonb, row => AttemptsOf(row.Entry)),
        Column("Guardrails", NpgsqlDbType.Text, row => row.Entry.Guardrail),
    ];

    /// <summary>Rows that may be in the table already are made what they are now; all others are added. The node's heartbeat comes with it.</summary>
    internal static Task PutAsync(Db db, NodeIdentity node, IReadOnlyList<LedgerRow> rows, CancellationToken cancel)
    {
        var arguments = new DynamicParameters();
        arguments.Add("Node", node.Id);
        arguments.Add("NodeName", node.Name);
        foreach (var column in Columns)
            arguments.Add(column.Name, column.ToArray(rows));
        return db.ExecuteAsync(PutSql, arguments, cancel);
    }

    /// <summary>Adds rows that have never been sent: for the database a quarter of the work. All or none.</summary>
    internal static async Task AddAsync(Db db, NodeIdentity node, IReadOnlyList<LedgerRow> rows, CancellationToken cancel)
    {
        await using var connection = await db.Source.OpenConnectionAsync(cancel);
        await using var writer = await connection.BeginBinaryImportAsync(AddCommand, cancel);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(cancel);
            foreach (var column in Columns)
                await column.WriteAsync(writer, row, cancel);
            await writer.WriteAsync(node.Id, NpgsqlDbType.Uuid, cancel);
        }

        await writer.CompleteAsync(cancel);
    }

    static LedgerColumn<T> Column<T>(string name, NpgsqlDbType type, Func<LedgerRow, T> value) => new(name, type, value);

    static int Milliseconds(TimeSpan time) => (int)Math.Clamp(time.TotalMilliseconds, 0, int.MaxValue);

    /// <summary>Names come from callers: NUL and half characters, which the database takes from nobody, would hold up the whole batch.</summary>
    static string? Text(string? text, int longest)
    {
        if (text is null)
            return null;
        if (text.Length > longest)
            text = text[..longest];
        return text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') || text.Contains('\0', StringComparison.Ordinal)
            ? string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? " " : rune.ToString()))
            : text;
    }

    static string AttemptsOf(CallEntry entry)
    {
        // The exchange may be adding one at this moment: its place is counted before it is filled.
        var attempts = entry.Attempts.ToArray().OfType<CallAttempt>().Select(attempt => attempt with { ModelId = Text(attempt.ModelId, LongestName)! });
        return JsonSerializer.Serialize(attempts, KernelJson.Options);
    }
}

/// <summary>A call as it is to be written now.</summary>
internal readonly record struct LedgerRow(CallEntry Entry, string Outcome, TimeSpan Total, TokenCounts Counts, long CostMicros, Guid? PriceId);
