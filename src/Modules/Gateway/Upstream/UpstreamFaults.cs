using System.Net;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Upstream;

/// <param name="MayRetry">The same request may succeed in a moment, and has had no effect yet.</param>
internal sealed record Fault(Error Error, Blame Blame, bool MayRetry = false, TimeSpan? RetryAfter = null, Exception? Inner = null)
{
    /// <summary>The server does not know <c>stream_options</c>; without it the same request may pass.</summary>
    internal bool RefusesUsageQuestion { get; init; }

    internal ModelCallException ToException() => new(Error, Blame, RetryAfter, Inner);
}

/// <summary>Reads what went wrong at a provider. Its own words are used to tell faults apart and go no further: they may quote the key.</summary>
internal static class UpstreamFaults
{
    const int MaxErrorBytes = 64 * 1024;

    static readonly string[] TooLong = ["context length", "context_length", "maximum context", "context size", "context window", "too many tokens", "prompt is too long", "exceed_context_size"];

    internal static readonly Fault TimedOut = new(GatewayErrors.TimedOut, Blame.Upstream);
    internal static readonly Fault Nonsense = new(GatewayErrors.Nonsense, Blame.Upstream);
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

    internal static async Task<Fault> OfAsync(HttpResponseMessage response, DateTimeOffset now, CancellationToken cancel)
    {
        var (code, text) = await ReadAsync(response, cancel);
        var status = (int)response.StatusCode;
        var says = Says(code, text);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new Fault(GatewayErrors.Unauthorized, Blame.Client);
        if (response.StatusCode == HttpStatusCode.PaymentRequired || says("insufficient_quota"))
            return new Fault(GatewayErrors.QuotaExceeded, Blame.Client);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            return RateLimited(RetryAfter(response, now));
        if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge || (status is 400 or 422 or 500 && Array.Exists(TooLong, part => says(part))))
            return new Fault(GatewayErrors.ContextTooLong, Blame.Client);
        if (status is 400 or 404 && (says("model_not_found") || (says("model") && (says("not found") || says("not exist")))))
            return new Fault(GatewayErrors.ModelUnknown, Blame.Client);
        if (response.StatusCode is HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout)
            return TimedOut;
        return new Fault(
            GatewayErrors.Failed(status),
            status is >= 400 and < 500 ? Blame.Client : Blame.Upstream,
            MayRetry: response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable,
            RetryAfter(response, now))
        {
            RefusesUsageQuestion = status is 400 or 422 && says("stream_options"),
        };
    }

    /// <summary>A failure reported inside the stream.</summary>
    internal static Fault OfChunk(JsonElement error)
    {
        var says = Says(null, error.GetRawText());
        if (Array.Exists(TooLong, part => says(part)))
            return new Fault(GatewayErrors.ContextTooLong, Blame.Client);
        return says("rate_limit") || says("429") ? RateLimited(null) : new Fault(GatewayErrors.FailedMidway, Blame.Upstream);
    }

    static Fault RateLimited(TimeSpan? retryAfter)
    {
        var error = retryAfter is { } wait ? GatewayErrors.RateLimited.With("retryAfterSeconds", (int)Math.Ceiling(wait.TotalSeconds)) : GatewayErrors.RateLimited;
        return new Fault(error, Blame.Upstream, MayRetry: true, retryAfter);
    }

    static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - now);
        return wait > TimeSpan.Zero ? wait : null;
    }

    static Func<string, bool> Says(string? code, string text)
        => part => code == part || text.Contains(part, StringComparison.OrdinalIgnoreCase);

    static async Task<(string? Code, string Text)> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            var body = await BoundedBody.ReadAsync(response.Content, MaxErrorBytes, cancel);
            var text = System.Text.Encoding.UTF8.GetString(body.Span);
            using var json = JsonDocument.Parse(body);
            var code = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object && error.TryGetProperty("code", out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString() : null;
            return (code, text);
        }
        catch (Exception failure) when (failure is JsonException or IOException or HttpRequestException or InvalidDataException)
        {
            // The status says enough.
            return (null, "");
        }
    }
}
