namespace JeanTrail.Kernel.Streaming;

/// <summary>Answers a request with server-sent events. Source: WHATWG HTML, §9.2 Server-sent events.</summary>
public static class SseStream
{
    /// <summary>
    /// The result that streams <paramref name="source"/>. The source is enumerated with a token that is cancelled when the client leaves,
    /// when nothing came for <see cref="SseOptions.IdleTimeout"/>, or when the server stops.
    /// </summary>
    /// <remarks>
    /// Until the first event the response has not begun: an exception of the source is answered as a problem with its own status (unless
    /// the wait for it outlasted a heartbeat). Afterwards the stream ends with <see cref="SseOptions.LastEvent"/> from the source, or with an
    /// <c>error</c> event holding ProblemDetails; it is never merely cut off. Events that are ready together leave in one write.
    /// </remarks>
    public static SseResult Respond(IAsyncEnumerable<StreamEvent> source, SseOptions? options = null) => new(source, options ?? SseOptions.Default);
}

/// <summary>How a stream behaves where the house's defaults do not fit.</summary>
public sealed record SseOptions
{
    internal static readonly SseOptions Default = new();

    /// <summary>A comment is sent when nothing else was for this long, so that proxies keep the connection.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest silence of the source. There is no limit on the whole.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The event that the source ends with; a source that ends without it is reported as truncated.</summary>
    public string LastEvent { get; init; } = "done";
}

/// <summary>How a stream ended, and so who ended it.</summary>
internal enum StreamEnd
{
    Completed,
    Client,
    Source,
    Idle,
    Shutdown,
}
