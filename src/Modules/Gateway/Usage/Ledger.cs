using System.Collections.Concurrent;
using JeanTrail.Gateway.Costs;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Gateway.Usage;

/// <summary>
/// Calls write into memory; once a second all that ended and all that run longer than that go to the table at once. While the
/// database is away, calls that ended wait, as many as <see cref="GatewayOptions.LedgerMaxPending"/>.
/// </summary>
internal sealed partial class Ledger(Db db, PriceBook prices, NodeIdentity node, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<Ledger> logger)
    : FlushLoop("gateway.ledger", options.Value.LedgerFlushEvery, clock, logger), ILedger
{
    const int RowsPerStatement = 5_000;
    const string LeaveSql = "delete from gateway.node where node_id = @Node";

    readonly ConcurrentDictionary<Guid, CallEntry> running = new();

    // Bounded by Close: the oldest goes when it is full.
    readonly ConcurrentQueue<CallEntry> closed = new();
    readonly SemaphoreSlim flushing = new(1);
    List<CallEntry> unwritten = [];

    public void Open(CallEntry entry) => running[entry.Id] = entry;

    public void Close(CallEntry entry)
    {
        if (!running.TryRemove(entry.Id, out _))
            return;
        closed.Enqueue(entry);
        GatewayTelemetry.LedgerDepth.Add(1);
        if (closed.Count > options.Value.LedgerMaxPending && closed.TryDequeue(out var oldest))
        {
            GatewayTelemetry.LedgerDepth.Add(-1);
            Lose(oldest, "the database was away too long");
        }
    }

    public long CostMicros(CallEntry entry) => Cost(entry, TokenCounts.Of(entry)).Micros;

    public long EstimateMicros(string modelId, long inputTokens, long outputTokens)
        => prices.Find(modelId, Clock.GetUtcNow())?.MostMicros(inputTokens, outputTokens) ?? 0;

    /// <summary>Writes all that is not written. Throws when the database is away; nothing is lost then.</summary>
    internal async Task FlushAsync(CancellationToken cancel)
    {
        await flushing.WaitAsync(cancel);
        try
        {
            // Ended calls are taken before the running ones are looked at: a call in both would be twice in one statement.
            TakeClosed();
            var now = Clock.GetUtcNow();
            var old = now - options.Value.LedgerFlushEvery;
            await WriteAsync([.. unwritten.Select(RowOf), .. running.Values.Where(entry => entry.StartedAt <= old).Select(entry => RunningRowOf(entry, CallOutcomes.Running, now))], cancel);
            Written();
            for (TakeClosed(); unwritten.Count > 0; TakeClosed())
            {
                await WriteAsync([.. unwritten.Select(RowOf)], cancel);
                Written();
            }
        }
        finally
        {
            flushing.Release();
        }
    }

    protected override Task TickAsync(CancellationToken cancel) => FlushAsync(cancel);

    /// <summary>Nobody will end what still runs.</summary>
    protected override async Task EndAsync(CancellationToken cancel)
    {
        await FlushAsync(cancel);
        var now = Clock.GetUtcNow();
        await WriteAsync([.. running.Values.Select(entry => RunningRowOf(entry, CallOutcomes.Interrupted, now))], cancel);
        await db.ExecuteAsync(LeaveSql, new { Node = node.Id }, cancel);
    }

    public override void Dispose()
    {
        flushing.Dispose();
        base.Dispose();
    }

    void TakeClosed()
    {
        while (unwritten.Count < RowsPerStatement && closed.TryDequeue(out var entry))
            unwritten.Add(entry);
    }

    void Written()
    {
        GatewayTelemetry.LedgerDepth.Add(-unwritten.Count);
        unwritten = [];
    }

    async Task WriteAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancel)
    {
        // A row whose statement ended in a broken connection may be there or not.
        var (added, put) = (rows.Where(row => !row.Entry.Sent).ToList(), rows.Where(row => row.Entry.Sent).ToList());
        try
        {
            if (added.Count > 0)
            {
                added.ForEach(row => row.Entry.Sent = true);
                await LedgerBatch.AddAsync(db, node, added, cancel);
            }
        }
        catch (PostgresException refused) when (IsOfTheRows(refused))
        {
            await WriteEachAsync(added, cancel);
        }

        try
        {
            await LedgerBatch.PutAsync(db, node, put, cancel);
        }
        catch (PostgresException refused) when (IsOfTheRows(refused) && put.Count > 0)
        {
            await WriteEachAsync(put, cancel);
        }
    }

    /// <summary>One row that the database takes from nobody must not keep all others out.</summary>
    async Task WriteEachAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancel)
    {
        foreach (var row in rows)
        {
            try
            {
                await LedgerBatch.PutAsync(db, node, [row], cancel);
            }
            catch (PostgresException refused) when (IsOfTheRows(refused))
            {
                Lose(row.Entry, refused.SqlState);
            }
        }
    }

    /// <summary>Class 22 is bad data, 23 a broken constraint.</summary>
    static bool IsOfTheRows(PostgresException refused) => refused.SqlState is ['2', '2' or '3', ..];

    LedgerRow RowOf(CallEntry entry) => RowOf(entry, entry.Outcome ?? CallOutcomes.Failed, entry.Total);

    LedgerRow RunningRowOf(CallEntry entry, string outcome, DateTimeOffset now) => RowOf(entry, outcome, now - entry.StartedAt);

    LedgerRow RowOf(CallEntry entry, string outcome, TimeSpan total)
    {
        var counts = TokenCounts.Of(entry);
        var (micros, price) = Cost(entry, counts);
        return new LedgerRow(entry, outcome, total, counts, micros, price);
    }

    (long Micros, Guid? PriceId) Cost(CallEntry entry, TokenCounts counts)
    {
        // What our own cache answered costs nothing; what never reached a model neither.
        if (entry.Cache is "hit" or "semantic" || entry.ModelId is not { } model || (counts.Input is null && counts.Output is null && entry.Outcome == CallOutcomes.Failed))
            return (0, null);
        return prices.Find(model, entry.StartedAt) is { } price ? (price.CostMicros(counts.ToAmounts(entry)), price.PriceId) : (0, null);
    }

    void Lose(CallEntry entry, string reason)
    {
        GatewayTelemetry.LedgerDropped.Add(1);
        LogLost(Logger, entry.Id, reason);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Call {CallId} is missing from the books: {Reason}")]
    static partial void LogLost(ILogger logger, Guid callId, string reason);
}
