namespace JeanTrail.Kernel.Streaming;

/// <summary>One server-sent event. Source: WHATWG HTML, §9.2 Server-sent events.</summary>
/// <param name="Event">The event's name.</param>
/// <param name="Data">Serialised to one line of JSON.</param>
/// <param name="Id">What the client sends back as <c>Last-Event-ID</c>, or null to leave it.</param>
public sealed record StreamEvent(string Event, object Data, string? Id = null);
