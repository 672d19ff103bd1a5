namespace JeanTrail.Testing.Simulators;

/// <summary>Something that real servers do wrong, or differently. Several may be given for one request.</summary>
public sealed record OpenAiFault
{
    OpenAiFault(FaultKind kind) => Kind = kind;

    internal enum FaultKind
    {
        HoldHeaders,
        HoldTokens,
        Status,
        Html,
        WrongContentType,
        Reset,
        Close,
        InvalidJson,
        ErrorChunk,
        Gigantic,
        SplitWrites,
        OddFraming,
        NoDone,
        NoUsage,
        NoFinishReason,
    }

    /// <summary>The headers come only when the gate opens.</summary>
    public static OpenAiFault SlowHeaders(StreamGate gate) => new(FaultKind.HoldHeaders) { Gate = gate };

    /// <summary>The stream stands still after this many tokens until the gate opens; never, if nobody opens it.</summary>
    public static OpenAiFault StallAfter(int tokens, StreamGate gate) => new(FaultKind.HoldTokens) { Tokens = tokens, Gate = gate };

    /// <summary>The connection is reset (RST) after this many tokens, as a crashing server or a proxy does.</summary>
    public static OpenAiFault ResetAfter(int tokens) => new(FaultKind.Reset) { Tokens = tokens };

    /// <summary>The connection is closed politely (FIN) after this many tokens, in the middle of the response.</summary>
    public static OpenAiFault CloseAfter(int tokens) => new(FaultKind.Close) { Tokens = tokens };

    /// <summary>429, with the seconds of <c>Retry-After</c> or without the header.</summary>
    public static OpenAiFault TooManyRequests(int? retryAfterSeconds = null) => new(FaultKind.Status) { StatusCode = 429, RetryAfterSeconds = retryAfterSeconds };

    /// <summary>An error status with the JSON error shape.</summary>
    public static OpenAiFault Status(int statusCode) => new(FaultKind.Status) { StatusCode = statusCode };

    /// <summary>A page for people instead of JSON, as a proxy in front of the model answers.</summary>
    public static OpenAiFault Html(int statusCode = 200) => new(FaultKind.Html) { StatusCode = statusCode };

    /// <summary>A right body that calls itself <c>text/plain</c>.</summary>
    public static OpenAiFault WrongContentType() => new(FaultKind.WrongContentType);

    /// <summary>After this many tokens comes a chunk that is no JSON; then the stream goes on.</summary>
    public static OpenAiFault InvalidJsonAfter(int tokens) => new(FaultKind.InvalidJson) { Tokens = tokens };

    /// <summary>After this many tokens comes <c>data: {"error": …}</c>, and the stream ends.</summary>
    public static OpenAiFault ErrorAfter(int tokens) => new(FaultKind.ErrorChunk) { Tokens = tokens };

    /// <summary>After this many tokens comes one chunk of this size.</summary>
    public static OpenAiFault GiganticChunkAfter(int tokens, int sizeBytes) => new(FaultKind.Gigantic) { Tokens = tokens, SizeBytes = sizeBytes };

    /// <summary>Everything arrives in pieces of this many bytes: characters and lines are torn apart.</summary>
    public static OpenAiFault SplitWrites(int sizeBytes = 1) => new(FaultKind.SplitWrites) { SizeBytes = sizeBytes };

    /// <summary>All that the event-stream format allows: CRLF, comments, no blank after the colon, fields nobody asked for.</summary>
    public static OpenAiFault OddFraming() => new(FaultKind.OddFraming);

    /// <summary>The stream ends without <c>[DONE]</c>.</summary>
    public static OpenAiFault NoDone() => new(FaultKind.NoDone);

    /// <summary>No usage, although it was asked for.</summary>
    public static OpenAiFault NoUsage() => new(FaultKind.NoUsage);

    /// <summary>No chunk says why the answer ended.</summary>
    public static OpenAiFault NoFinishReason() => new(FaultKind.NoFinishReason);

    internal FaultKind Kind { get; }

    internal int Tokens { get; private init; }

    internal int SizeBytes { get; private init; }

    internal int StatusCode { get; private init; }

    internal int? RetryAfterSeconds { get; private init; }

    internal StreamGate? Gate { get; private init; }
}
