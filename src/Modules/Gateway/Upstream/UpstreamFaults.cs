using System.Net;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Upstream;

/// <param name="MayRetry">The same request may succeed in a moment, and has had no effect yet.</param>
internal sealed record Fault(Error Error, Blame Blame, bool MayRetry = false, TimeSpan? RetryAfter = null, Exception? Inner = null)
{
    /// <summary>The upstream's own words about a request it found wrong, cleaned of keys: for callers who wrote the request, and nobody else.</summary>
    internal string? Said { get; init; }

    /// <summary>The HTTP status it was told with; null when there was none.</summary>
    internal int? Status { get; init; }

    /// <summary>The upstream refused this request and might take another: its health is not in doubt.</summary>
    internal bool RequestRefused => Error.Code is "gateway.context_too_long" or "gateway.model_unknown" or "gateway.not_translatable"
        || (Error.Code == "gateway.upstream_error" && Blame == Blame.Client);

    /// <summary>The request itself is wrong: no other model would take it. A missing path or a method that is not allowed is the upstream's own lack.</summary>
    internal bool RequestAtFault => Blame == Blame.Client && Error.Code == "gateway.upstream_error" && Status is null or 400 or 415 or 422;

    /// <summary>The server does not know <c>stream_options</c>; without it the same request may pass.</summary>
    internal bool RefusesUsageQuestion { get; init; }

    /// <summary>The server has nothing at this path.</summary>
    internal bool LacksEndpoint { get; init; }

    internal ModelCallException ToException() => new(Error, Blame, RetryAfter, Inner);
}

/// <summary>Reads what went wrong at a provider. Its own words are used to tell faults apart and go no further: they may quote the key.</summary>
internal static class UpstreamFaults
{
    const int MaxErrorBytes = 64 * 1024;
    const int MaxSaid = 2000;

    /// <summary>Not registered, but what Anthropic answers when it has too much to do.</summary>
    const int Overloaded = 529;

    static readonly string[] TooLong =
        ["context length", "context_length", "maximum context", "context size", "context window", "too many tokens", "prompt is too long", "exceed_context_size",
        "exceed context limit", "exceeds the maximum number of tokens"];

    internal static readonly Fault TimedOut = new(GatewayErrors.TimedOut, Blame.Upstream);
    internal static readonly Fault Nonsense = new(GatewayErrors.Nonsense, Blame.Upstream);
    internal static readonly Fault Midway = new(GatewayErrors.FailedMidway, Blame.Upstream);
    internal static readonly Fault Cut = new(GatewayErrors.Cut, Blame.Upstream);

    /// <summary>The request did not get through, or its answer did not begin.</summary>
    internal static Fault Of(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            => new Fault(GatewayErrors.Unreachable, Blame.Upstream, MayRetry: true, Inner: failure),
        HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => Nonsense with { Inner = failure },
        HttpRequestError.ResponseEnded => Cut with { Inner = failure },
        HttpRequestError.SecureConnectionError => new Fault(GatewayErrors.Unreachable, Blame.Upstream, Inner: failure),
        // Connected, and then the connection broke.
        _ when failure.InnerException is IOException => Cut with { Inner = failure },
        _ => new Fault(GatewayErrors.Unreachable, Blame.Upstream, Inner: failure),
    };

    /// <summary>Reads a failed answer in the words of its dialect.</summary>
    /// <param name="key">What the upstream was let in with, so that no words of it come back.</param>
    internal static async Task<Fault> ReadAsync(HttpResponseMessage response, IDialect dialect, string? key, DateTimeOffset now, CancellationToken cancel)
    {
        var body = await ReadBodyAsync(response, cancel);
        var fault = dialect.ReadFault(response.StatusCode, body.Span, RetryAfter(response, now)) with { Status = (int)response.StatusCode };
        return fault.Blame == Blame.Client && response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            ? fault with { Said = Said(body, key) }
            : fault;
    }

    internal static Fault RateLimited(TimeSpan? retryAfter)
    {
        var error = retryAfter is { } wait ? GatewayErrors.RateLimited.With("retryAfterSeconds", (int)Math.Ceiling(wait.TotalSeconds)) : GatewayErrors.RateLimited;
        return new Fault(error, Blame.Upstream, MayRetry: true, retryAfter);
    }

    /// <summary>A failure that has no name of its own.</summary>
    internal static Fault Failed(int status, TimeSpan? retryAfter)
        => new(GatewayErrors.Failed(status), status is >= 400 and < 500 ? Blame.Client : Blame.Upstream, MayRetry: status is 502 or 503 or Overloaded, retryAfter);

    internal static bool SaysTooLong(string text) => Array.Exists(TooLong, part => text.Contains(part, StringComparison.OrdinalIgnoreCase));

    static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - now);
        return wait > TimeSpan.Zero ? wait : null;
    }

    static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return await BoundedBody.ReadAsync(response.Content, MaxErrorBytes, cancel);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or InvalidDataException)
        {
            // The status says enough.
            return default;
        }
    }

    /// <summary>The message of an error body. All vendors keep it in the same place.</summary>
    static string? Said(ReadOnlyMemory<byte> body, string? key)
    {
        if (!Json.TryParse(body.Span, out var document))
            return null;
        using (document)
        {
            var error = document.RootElement.Member("error"u8);
            var message = error.ValueKind == JsonValueKind.String ? error.GetString() : error.Text("message"u8);
            if (message is null || (key is not null && message.Contains(key, StringComparison.Ordinal)))
                return null;
            return message.Length > MaxSaid ? message[..MaxSaid] : message;
        }
    }
}
