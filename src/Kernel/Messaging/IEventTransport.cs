using JeanTrail.Kernel.Data;

namespace JeanTrail.Kernel.Messaging;

/// <summary>An event on its way.</summary>
/// <param name="Payload">JSON.</param>
/// <param name="TraceParent">The W3C trace context of the publisher, or null.</param>
internal sealed record EventEnvelope(Guid EventId, string Name, string Payload, DateTimeOffset OccurredAt, string? TraceParent);

/// <summary>Carries events from the outbox to consumers on any node, at least once. PostgreSQL does it by itself; a broker may take over.</summary>
internal interface IEventTransport
{
    /// <summary>
    /// Takes the events over. When it returns and <paramref name="transaction"/> commits they are the transport's to deliver; a broker
    /// waits for its confirms here and leaves the transaction alone.
    /// </summary>
    Task SendAsync(IReadOnlyList<EventEnvelope> events, Tx transaction, CancellationToken cancel);

    /// <summary>Receives deliveries for the consumers of this process and hands them to <see cref="EventReceiver"/>, until cancelled or broken.</summary>
    /// <param name="working">Called whenever the transport is seen to work.</param>
    Task ReceiveAsync(Action working, CancellationToken cancel);
}
