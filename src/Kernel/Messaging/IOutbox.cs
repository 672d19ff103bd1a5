using JeanTrail.Kernel.Data;

namespace JeanTrail.Kernel.Messaging;

/// <summary>A fact that happened. Declared in Contracts; the name is <c>module.fact.vN</c> and never changes meaning.</summary>
public interface IEvent
{
    static abstract string EventName { get; }
}

/// <summary>Writes events in the transaction of the change they tell of; the dispatcher delivers them at least once afterwards.</summary>
public interface IOutbox
{
    Task PublishAsync<TEvent>(IDbSession transaction, TEvent message, CancellationToken cancel)
        where TEvent : IEvent;
}

/// <summary>Reacts to one kind of event.</summary>
/// <remarks>
/// <see cref="HandleAsync"/> runs in the transaction that records the delivery, so a repeated delivery has no second effect as long as
/// all effects go through the transaction it is given. Throwing rolls back and the event is delivered again, with growing pauses.
/// </remarks>
public interface IEventConsumer<in TEvent>
    where TEvent : IEvent
{
    Task HandleAsync(TEvent message, EventContext context, Tx transaction, CancellationToken cancel);
}

/// <param name="Attempt">1 on first delivery.</param>
public sealed record EventContext(Guid EventId, DateTimeOffset OccurredAt, int Attempt);
