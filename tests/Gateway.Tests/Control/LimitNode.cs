using System.Collections.Concurrent;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Limits;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Tests.Control;

/// <summary>A node with limits of its own, whose flushes the test commands. Letting go of it is its death.</summary>
sealed class LimitNode : IDisposable
{
    readonly Db db;

    internal LimitNode(Db db, NodeBroadcast broadcast, TimeProvider clock, GatewayOptions? options = null, RecordingOutbox? outbox = null)
    {
        this.db = db;
        var settings = Options.Create(options ?? new GatewayOptions { LimitLease = TimeSpan.FromMinutes(10), LimitRecallPatience = TimeSpan.FromSeconds(1) });
        Node = NodeIdentity.Create(clock);
        Book = new LimitBook(db, broadcast, clock, NullLogger<LimitBook>.Instance);
        var exchange = new TrancheExchange(new TrancheStore(db, outbox ?? new RecordingOutbox(), Node, settings), settings, clock);
        Limits = new TrancheLimits(Book, exchange, broadcast, Node, settings, clock, NullLogger<TrancheLimits>.Instance);
        Limits.Listen();
    }

    internal NodeIdentity Node { get; }

    internal LimitBook Book { get; }

    internal TrancheLimits Limits { get; }

    internal async Task<Result<IReservation>> TryAsync(Consumer consumer, CallAmounts estimate = default, string route = "harbour/pilot")
        => await Limits.ReserveAsync(consumer, route, estimate, CancellationToken.None);

    internal async Task<IReservation> ReserveAsync(Consumer consumer, CallAmounts estimate = default, string route = "harbour/pilot")
        => (await TryAsync(consumer, estimate, route)).Value;

    internal Task FlushAsync() => Limits.FlushAsync(CancellationToken.None);

    internal Task ReturnAllAsync() => Limits.ReturnAllAsync(CancellationToken.None);

    /// <summary>Nothing more is heard of it, and its lease is over.</summary>
    internal async Task DieAsync()
    {
        Dispose();
        await db.ExecuteAsync("update gateway.tranche set lease_until = now() - interval '1 second' where node_id = @Id", new { Node.Id }, CancellationToken.None);
    }

    internal static NodeReaper NewReaper(Db db, NodeIdentity node, TimeProvider clock)
    {
        var settings = Options.Create(new GatewayOptions());
        return new NodeReaper(db, new TrancheStore(db, new RecordingOutbox(), node, settings), node, new SharedServer(), settings, clock, NullLogger<NodeReaper>.Instance);
    }

    public void Dispose() => Limits.Dispose();

    /// <summary>A database that other nodes use too.</summary>
    sealed class SharedServer : IDatabaseServer
    {
        public bool Embedded => false;

        public string ConnectionString => "";

        public Task<string> StartAsync(CancellationToken cancel) => Task.FromResult("");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>Keeps what would be sent.</summary>
sealed class RecordingOutbox : IOutbox
{
    internal ConcurrentQueue<LimitReached> Sent { get; } = new();

    public Task PublishAsync<TEvent>(IDbSession transaction, TEvent message, CancellationToken cancel)
        where TEvent : IEvent
    {
        if (message is LimitReached reached)
            Sent.Enqueue(reached);
        return Task.CompletedTask;
    }
}

/// <summary>Its hands are moved by the test, while waiting takes real time.</summary>
sealed class SteppedClock : TimeProvider
{
    readonly DateTimeOffset start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    long offsetTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    internal void Advance(TimeSpan by) => Interlocked.Add(ref offsetTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => start.AddTicks(Interlocked.Read(ref offsetTicks));

    /// <summary>Runs on, so that what waits a while is told that the while is over.</summary>
    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref offsetTicks);
}

/// <summary>Limits as a test makes them, and what the tables say of them.</summary>
static class LimitTables
{
    internal static Consumer NewConsumer(string plan = "free") => new(new UserId(Guid.CreateVersion7()), plan, Guid.CreateVersion7());

    /// <summary>A limit of a person of one's own, so that tests keep apart.</summary>
    internal static async Task<Guid> LimitAsync(
        this Db db, Consumer consumer, string meter, long amount, string window = "day", string action = "stop", string kind = "user", string? subject = null)
    {
        const string Sql = """
            insert into gateway.limit (limit_id, subject_kind, subject, meter, time_window, amount, action, created_at)
            values (@Id, @Kind, @Subject, @Meter, @Window, @Amount, @Action, now())
            """;
        var id = Guid.CreateVersion7();
        await db.ExecuteAsync(Sql, new { Id = id, Kind = kind, Subject = subject ?? consumer.UserId.Value.ToString(), Meter = meter, Window = window, Amount = amount, Action = action }, CancellationToken.None);
        return id;
    }

    internal static async Task<Use> UseAsync(this Db db, Guid limit)
        => await db.FindAsync<Use>("""
            select coalesce(sum(a.spent), 0)::bigint as spent, coalesce(sum(a.held), 0)::bigint as held,
                coalesce((select sum(t.held) from gateway.tranche t where t.limit_id = @Id), 0)::bigint as tranches
            from gateway.allowance a where a.limit_id = @Id
            """, new { Id = limit }, CancellationToken.None) ?? new Use(0, 0, 0);

    /// <param name="Tranches">What the nodes hold, added up: always the same as <paramref name="Held"/>.</param>
    internal sealed record Use(long Spent, long Held, long Tranches);
}
