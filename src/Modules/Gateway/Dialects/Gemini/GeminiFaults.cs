using System.Globalization;
using System.Net;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Dialects.Gemini;

/// <summary>
/// Reads <c>{"error":{"code":…,"message":…,"status":…,"details":[…]}}</c>. Source: Gemini API, Troubleshooting; google.rpc.Status,
/// google.rpc.ErrorInfo and google.rpc.RetryInfo.
/// </summary>
internal static class GeminiFaults
{
    internal static Fault Read(HttpStatusCode status, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        if (!Json.TryParse(body, out var document))
            return Of((int)status, default, retryAfter);
        using (document)
        {
            // A stream that was not asked for as events answers with an array.
            var root = document.RootElement.HasItems() ? document.RootElement[0] : document.RootElement;
            return Of((int)status, root.Member("error"u8), retryAfter);
        }
    }

    /// <summary>A failure reported inside the stream, under a status that said all was well.</summary>
    internal static Fault OfEvent(JsonElement error)
    {
        var fault = Of((int)(error.Whole("code"u8) ?? 500), error, null);
        return fault.Error.Code == GatewayErrors.FailedMidway.Code ? fault with { Error = GatewayErrors.FailedMidway } : fault;
    }

    static Fault Of(int status, JsonElement error, TimeSpan? retryAfter)
    {
        var (name, message) = (error.Text("status"u8), error.Text("message"u8) ?? "");
        bool Says(string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);
        retryAfter ??= RetryDelay(error);
        return (status, name) switch
        {
            // A wrong key is called an invalid argument.
            (401 or 403, _) or (_, "UNAUTHENTICATED" or "PERMISSION_DENIED") => new Fault(GatewayErrors.Unauthorized, Blame.Client),
            (400, _) when HasReason(error, "API_KEY_INVALID") || Says("API key not valid") || Says("API key expired") => new Fault(GatewayErrors.Unauthorized, Blame.Client),
            (402, _) => new Fault(GatewayErrors.QuotaExceeded, Blame.Client),
            (400, "FAILED_PRECONDITION") when Says("billing") => new Fault(GatewayErrors.QuotaExceeded, Blame.Client),
            (429, _) or (_, "RESOURCE_EXHAUSTED") => UpstreamFaults.RateLimited(retryAfter),
            (413, _) => new Fault(GatewayErrors.ContextTooLong, Blame.Client),
            (400, _) when UpstreamFaults.SaysTooLong(message) => new Fault(GatewayErrors.ContextTooLong, Blame.Client),
            (404, _) when Says("models/") || Says("model") => new Fault(GatewayErrors.ModelUnknown, Blame.Client),
            (408 or 504, _) or (_, "DEADLINE_EXCEEDED") => UpstreamFaults.TimedOut,
            _ => UpstreamFaults.Failed(status, retryAfter),
        };
    }

    static bool HasReason(JsonElement error, string reason) => error.Items("details"u8).Any(detail => detail.Text("reason"u8) == reason);

    /// <summary><c>"retryDelay": "36.5s"</c>.</summary>
    static TimeSpan? RetryDelay(JsonElement error)
    {
        foreach (var detail in error.Items("details"u8))
        {
            if (detail.Text("retryDelay"u8) is [.. var seconds, 's'] && double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var wait) && wait is > 0 and < 1e6)
                return TimeSpan.FromSeconds(wait);
        }

        return null;
    }
}
