using System.Net;
using System.Text;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Dialects.OpenAi;

/// <summary>
/// Reads what an OpenAI-compatible server means by a failure. They differ widely, so the whole text is searched where the code says nothing.
/// Source: OpenAI API reference, errors; the wordings of llama.cpp, vLLM, Ollama and LM Studio.
/// </summary>
internal static class OpenAiFaults
{
    /// <summary>A failed answer. <paramref name="body"/> may be empty or no JSON: then the status says enough.</summary>
    internal static Fault Read(HttpStatusCode statusCode, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        var (code, text) = ReadBody(body);
        var status = (int)statusCode;
        bool Says(string part) => code == part || text.Contains(part, StringComparison.OrdinalIgnoreCase);
        if (statusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new Fault(GatewayErrors.Unauthorized, Blame.Client);
        if (statusCode == HttpStatusCode.PaymentRequired || Says("insufficient_quota"))
            return new Fault(GatewayErrors.QuotaExceeded, Blame.Client);
        if (statusCode == HttpStatusCode.TooManyRequests)
            return UpstreamFaults.RateLimited(retryAfter);
        if (statusCode == HttpStatusCode.RequestEntityTooLarge || (status is 400 or 422 or 500 && UpstreamFaults.SaysTooLong(text)))
            return new Fault(GatewayErrors.ContextTooLong, Blame.Client);
        if (status is 400 or 404 && (Says("model_not_found") || (Says("model") && (Says("not found") || Says("not exist")))))
            return new Fault(GatewayErrors.ModelUnknown, Blame.Client);
        if (statusCode is HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout)
            return UpstreamFaults.TimedOut;
        return UpstreamFaults.Failed(status, retryAfter) with
        {
            RefusesUsageQuestion = status is 400 or 422 && Says("stream_options"),
            // OpenAI says 404 of things the request names, too, and then that the request is invalid.
            LacksEndpoint = status is 405 or 501 || (status == 404 && (Says("unknown_url") || Says("Invalid URL") || !Says("invalid_request_error"))),
        };
    }

    /// <summary>A failure reported inside the stream.</summary>
    /// <param name="error">The JSON of the error.</param>
    internal static Fault OfChunk(ReadOnlySpan<byte> error)
    {
        var text = Encoding.UTF8.GetString(error);
        if (UpstreamFaults.SaysTooLong(text))
            return new Fault(GatewayErrors.ContextTooLong, Blame.Client);
        return text.Contains("rate_limit", StringComparison.OrdinalIgnoreCase) || text.Contains("429", StringComparison.Ordinal)
            ? UpstreamFaults.RateLimited(null)
            : UpstreamFaults.Midway;
    }

    static (string? Code, string Text) ReadBody(ReadOnlySpan<byte> body)
    {
        if (!Json.TryParse(body, out var document))
            return (null, "");
        using (document)
            return (document.RootElement.Member("error"u8).Text("code"u8), Encoding.UTF8.GetString(body));
    }
}
