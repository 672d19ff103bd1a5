using System.Diagnostics;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Messaging;

/// <summary>The consumer's side of every transport: the inbox record and the effect, in one transaction.</summary>
internal sealed class EventReceiver(EventConsumers consumers, IServiceScopeFactory scopes, TimeProvider clock)
{
    const string InboxSql = """
        insert into kernel.inbox (consumer, event_id, handled_at) values (@Consumer, @EventId, @Now) on conflict do nothing
        """;

    /// <summary>Runs the consumer, or nothing when the event had its effect before. The caller commits, or rolls back when this throws.</summary>
    /// <returns>False for a repetition.</returns>
    internal async Task<bool> HandleAsync(string consumer, EventEnvelope message, int attempt, Tx transaction, CancellationToken cancel)
    {
        var registration = consumers.Find(consumer, message.Name)
            ?? throw new InvalidOperationException($"{consumer} does not take {message.Name} in this version.");
        if (await transaction.ExecuteAsync(InboxSql, new { Consumer = consumer, message.EventId, Now = clock.GetUtcNow() }, cancel) == 0)
            return false;

        using var activity = KernelMetrics.Activities.StartActivity(consumer, ActivityKind.Consumer, message.TraceParent);
        var started = clock.GetTimestamp();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await registration.HandleAsync(
                scope.ServiceProvider, message.Payload, new EventContext(message.EventId, message.OccurredAt, attempt), transaction, cancel);
        }
        catch (Exception failure)
        {
            activity?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            throw;
        }
        finally
        {
            KernelMetrics.DeliveryDuration.Record(clock.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("consumer", consumer));
        }

        return true;
    }
}
