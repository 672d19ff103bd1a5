using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Messaging;

/// <summary>
/// Hands events from the outbox to the transport, oldest first. Several nodes share the work: a batch is locked while it is handed over,
/// and a node that dies in between gives it back by losing its connection.
/// </summary>
internal sealed class OutboxDispatcher : DatabaseLoop
{
    const string TakeSql = """
        select event_id, name, payload::text as payload, occurred_at, trace_parent from kernel.outbox
        where dispatched_at is null order by occurred_at, event_id limit @Limit for update skip locked
        """;

    const string MarkSql = "update kernel.outbox set dispatched_at = @Now where event_id = any(@Ids)";

    const string SubscribeSql = """
        insert into kernel.subscription (consumer, event_name, seen_at)
        select consumer, event_name, @Now from unnest(@Consumers::text[], @Events::text[]) as registered (consumer, event_name)
        order by consumer, event_name
        on conflict (consumer, event_name) do update set seen_at = excluded.seen_at
        """;

    static readonly TimeSpan SubscriptionRefresh = TimeSpan.FromHours(1);

    readonly Db db;
    readonly IEventTransport transport;
    readonly EventConsumers consumers;
    readonly OutboxOptions options;
    readonly WakeSignal wake = new();
    readonly IDisposable listening;
    DateTimeOffset subscribedAt = DateTimeOffset.MinValue;

    public OutboxDispatcher(
        Db db, IEventTransport transport, EventConsumers consumers, IBroadcast broadcast,
        IOptions<OutboxOptions> options, TimeProvider clock, ILogger<OutboxDispatcher> logger)
        : base("outbox-dispatcher", clock, logger)
    {
        this.db = db;
        this.transport = transport;
        this.consumers = consumers;
        this.options = options.Value;
        listening = broadcast.Listen(Outbox.WakeChannel, (_, _) =>
        {
            wake.Set();
            return Task.CompletedTask;
        });
    }

    public override void Dispose()
    {
        listening.Dispose();
        base.Dispose();
    }

    protected override async Task IterateAsync(CancellationToken cancel)
    {
        // Before anything is fanned out: an event must not miss a consumer that this version brings.
        await SubscribeAsync(cancel);
        while (await DispatchAsync(cancel) == options.BatchSize)
            cancel.ThrowIfCancellationRequested();
        await wake.WaitAsync(options.PollInterval, Clock, cancel);
    }

    async Task<int> DispatchAsync(CancellationToken cancel)
        => await db.InTransactionAsync(async transaction =>
        {
            var events = await transaction.QueryAsync<EventEnvelope>(TakeSql, new { Limit = options.BatchSize }, cancel);
            if (events.Count == 0)
                return 0;
            await transport.SendAsync(events, transaction, cancel);
            await transaction.ExecuteAsync(MarkSql, new { Now = Clock.GetUtcNow(), Ids = events.Select(message => message.EventId).ToArray() }, cancel);
            KernelMetrics.EventsDispatched.Add(events.Count);
            return events.Count;
        }, cancel);

    async Task SubscribeAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        if (consumers.All.Count == 0 || now - subscribedAt < SubscriptionRefresh)
            return;
        await db.ExecuteAsync(SubscribeSql, new
        {
            Now = now,
            Consumers = consumers.All.Select(registration => registration.Consumer).ToArray(),
            Events = consumers.All.Select(registration => registration.EventName).ToArray(),
        }, cancel);
        subscribedAt = now;
    }
}
