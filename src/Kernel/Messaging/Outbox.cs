using System.Diagnostics;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Messaging;

internal sealed class Outbox(TimeProvider clock) : IOutbox
{
    /// <summary>Told when events wait for the dispatcher. NOTIFY is sent by PostgreSQL when the transaction commits.</summary>
    internal const string WakeChannel = "kernel.outbox";

    const string Sql = """
        with stored as (
            insert into kernel.outbox (event_id, name, payload, trace_parent, occurred_at)
            values (@Id, @Name, @Payload::jsonb, @Trace, @Now) returning 1)
        select pg_notify('jeantrail', 'kernel.outbox') from stored
        """;

    public Task PublishAsync<TEvent>(IDbSession transaction, TEvent message, CancellationToken cancel)
        where TEvent : IEvent
        => transaction.ExecuteAsync(Sql, new
        {
            Id = Ids.New(clock),
            Name = TEvent.EventName,
            Payload = DurableJson.Serialize(message),
            Trace = Activity.Current?.Id,
            Now = clock.GetUtcNow(),
        }, cancel);
}
