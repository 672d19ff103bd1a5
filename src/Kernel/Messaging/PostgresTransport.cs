using System.Collections.Concurrent;
using System.Data;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Messaging;

/// <summary>
/// Events over PostgreSQL alone: one delivery row per event and consumer, so that one failing consumer does not hold the others.
/// The row is locked while its consumer runs, in the consumer's own transaction: a node that dies gives it back at once.
/// </summary>
internal sealed partial class PostgresTransport : IEventTransport, IDisposable
{
    internal const string WakeChannel = "kernel.delivery";

    const string FanOutSql = """
        with owed as (
            insert into kernel.delivery (consumer, event_id, next_at)
            select consumer, event_id, @Now
            from unnest(@Ids::uuid[], @Names::text[]) as sent (event_id, name) join kernel.subscription on event_name = name
            on conflict do nothing returning 1)
        select pg_notify('jeantrail', 'kernel.delivery') from owed limit 1
        """;

    const string TakeSql = """
        select d.consumer, d.attempt + 1 as attempt, o.event_id, o.name, o.payload::text as payload, o.occurred_at, o.trace_parent
        from kernel.delivery d join kernel.outbox o on o.event_id = d.event_id
        where d.dead_at is null and d.next_at <= @Now
            and (d.consumer, o.name) in (select consumer, event_name from unnest(@Consumers::text[], @Events::text[]) as free (consumer, event_name))
        order by d.next_at limit 1 for update of d skip locked
        """;

    const string NextSql = "select min(next_at) from kernel.delivery where dead_at is null and next_at > @Now and consumer = any(@Consumers)";

    const string DoneSql = "delete from kernel.delivery where consumer = @Consumer and event_id = @EventId";

    const string FailedSql = """
        update kernel.delivery set attempt = @Attempt, next_at = @Next, dead_at = @DeadAt, last_error = @Error
        where consumer = @Consumer and event_id = @EventId
        """;

    const string Savepoint = "consumer";

    readonly Db db;
    readonly EventReceiver receiver;
    readonly EventConsumers consumers;
    readonly OutboxOptions options;
    readonly TimeProvider clock;
    readonly ILogger<PostgresTransport> logger;
    readonly WakeSignal wake;
    readonly IDisposable listening;
    readonly ConcurrentDictionary<string, int> running = new(StringComparer.Ordinal);

    public PostgresTransport(
        Db db, EventReceiver receiver, EventConsumers consumers, IBroadcast broadcast,
        IOptions<OutboxOptions> options, TimeProvider clock, ILogger<PostgresTransport> logger)
    {
        this.db = db;
        this.receiver = receiver;
        this.consumers = consumers;
        this.options = options.Value;
        this.clock = clock;
        this.logger = logger;
        wake = new WakeSignal(this.options.Concurrency);
        listening = broadcast.Listen(WakeChannel, (_, _) =>
        {
            wake.Set();
            return Task.CompletedTask;
        });
    }

    public void Dispose() => listening.Dispose();

    public Task SendAsync(IReadOnlyList<EventEnvelope> events, Tx transaction, CancellationToken cancel)
        => transaction.ExecuteAsync(FanOutSql, new
        {
            Now = clock.GetUtcNow(),
            Ids = events.Select(message => message.EventId).ToArray(),
            Names = events.Select(message => message.Name).ToArray(),
        }, cancel);

    public async Task ReceiveAsync(Action working, CancellationToken cancel)
    {
        if (consumers.Names.Length == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancel);
            return;
        }

        // When one loop fails (the database is away) the others finish the delivery they are in and stop too; the caller starts anew.
        using var draining = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAll(Enumerable.Range(0, options.Concurrency).Select(_ => LoopAsync(working, draining, cancel)));
    }

    async Task LoopAsync(Action working, CancellationTokenSource draining, CancellationToken cancel)
    {
        await Task.Yield();
        try
        {
            while (!draining.IsCancellationRequested)
            {
                var delivered = await DeliverOneAsync(cancel);
                working();
                if (!delivered && !draining.IsCancellationRequested)
                    await wake.WaitAsync(await PauseAsync(cancel), clock, draining.Token);
            }
        }
        catch (OperationCanceledException) when (draining.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            // Another loop failed and tells of it.
        }
        finally
        {
            await draining.CancelAsync();
        }
    }

    async Task<TimeSpan> PauseAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var next = await db.FindAsync<DateTimeOffset?>(NextSql, new { Now = now, Consumers = consumers.Names }, cancel);
        return next is { } due && due - now < options.PollInterval ? due - now + TimeSpan.FromMilliseconds(1) : options.PollInterval;
    }

    async Task<bool> DeliverOneAsync(CancellationToken cancel)
    {
        var free = consumers.All.Where(registration => running.GetValueOrDefault(registration.Consumer) < options.ConcurrencyPerConsumer).ToArray();
        if (free.Length == 0)
            return false;
        await using var connection = await db.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        var session = new Tx(connection, transaction);
        var taken = await session.FindAsync<Taken>(TakeSql, new
        {
            Now = clock.GetUtcNow(),
            Consumers = free.Select(registration => registration.Consumer).ToArray(),
            Events = free.Select(registration => registration.EventName).ToArray(),
        }, cancel);
        if (taken is null)
            return false;
        wake.Set(); // where one is due there may be more
        running.AddOrUpdate(taken.Consumer, 1, (_, count) => count + 1);
        try
        {
            await DeliverAsync(taken, session, cancel);
        }
        finally
        {
            running.AddOrUpdate(taken.Consumer, 0, (_, count) => count - 1);
        }

        return true;
    }

    async Task DeliverAsync(Taken taken, Tx session, CancellationToken cancel)
    {
        await session.Transaction.SaveAsync(Savepoint, cancel);
        using var timeout = new CancellationTokenSource(options.HandlerTimeout, clock);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        string outcome;
        var committing = false;
        try
        {
            outcome = await receiver.HandleAsync(taken.Consumer, taken.Envelope, taken.Attempt, session, limited.Token) ? "done" : "repeated";
            await session.ExecuteAsync(DoneSql, new { taken.Consumer, taken.EventId }, cancel);

            // Deferred constraints speak here, so a failing commit is the consumer's failure like any other.
            committing = true;
            await session.Transaction.CommitAsync(cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            outcome = await RecordFailureAsync(taken, committing ? null : session, failure, cancel);
        }

        KernelMetrics.Deliveries.Add(1, new("consumer", taken.Consumer), new("outcome", outcome));
    }

    /// <param name="session">The transaction of the delivery, or null when it is over.</param>
    async Task<string> RecordFailureAsync(Taken taken, Tx? session, Exception failure, CancellationToken cancel)
    {
        var dead = taken.Attempt >= options.MaxAttempts;
        var now = clock.GetUtcNow();
        var pause = BackOff.Pause(taken.Attempt, options.FirstRetry, options.LongestRetry);
        var arguments = new
        {
            taken.Consumer,
            taken.EventId,
            taken.Attempt,
            Next = now + pause,
            DeadAt = dead ? now : (DateTimeOffset?)null,
            Error = FailureText.Of(failure),
        };

        // Within the transaction while it lives, so that the row stays locked until its next time is written.
        if (session?.Connection.State == ConnectionState.Open)
        {
            await session.Transaction.RollbackAsync(Savepoint, cancel);
            await session.ExecuteAsync(FailedSql, arguments, cancel);
            await session.Transaction.CommitAsync(cancel);
        }
        else
        {
            await db.ExecuteAsync(FailedSql, arguments, cancel);
        }

        if (dead)
            LogDead(logger, failure, taken.Consumer, taken.EventId, taken.Attempt);
        else
            LogFailed(logger, failure, taken.Consumer, taken.EventId, taken.Attempt, pause);
        return dead ? "dead" : "failed";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Consumer} failed on event {EventId}, attempt {Attempt}; next in {Pause}")]
    static partial void LogFailed(ILogger logger, Exception failure, string consumer, Guid eventId, int attempt, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Consumer} failed on event {EventId} {Attempt} times; it is a dead letter now")]
    static partial void LogDead(ILogger logger, Exception failure, string consumer, Guid eventId, int attempt);

    sealed record Taken(string Consumer, int Attempt, Guid EventId, string Name, string Payload, DateTimeOffset OccurredAt, string? TraceParent)
    {
        internal EventEnvelope Envelope => new(EventId, Name, Payload, OccurredAt, TraceParent);
    }
}

/// <summary>Receives deliveries for as long as the process runs.</summary>
internal sealed class DeliveryPump(IEventTransport transport, TimeProvider clock, ILogger<DeliveryPump> logger)
    : DatabaseLoop("delivery-pump", clock, logger)
{
    protected override Task IterateAsync(CancellationToken cancel) => transport.ReceiveAsync(Working, cancel);
}
