using System.Net;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>Reads <c>{"type":"error","error":{"type":…,"message":…}}</c>. Source: Anthropic API reference, Errors.</summary>
internal static class AnthropicFaults
{
    internal static Fault Read(HttpStatusCode status, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        if (!Json.TryParse(body, out var document))
            return Of((int)status, null, "", retryAfter);
        using (document)
        {
            var error = document.RootElement.Member("error"u8);
            return Of((int)status, error.Text("type"u8), error.Text("message"u8) ?? "", retryAfter);
        }
    }

    /// <summary>A failure reported inside the stream, under a status that said all was well.</summary>
    internal static Fault OfEvent(JsonElement root)
    {
        var error = root.Member("error"u8);
        var (type, message) = (error.Text("type"u8), error.Text("message"u8) ?? "");
        return type switch
        {
            "rate_limit_error" => UpstreamFaults.RateLimited(null),
            "invalid_request_error" when UpstreamFaults.SaysTooLong(message) => new Fault(GatewayErrors.ContextTooLong, Blame.Client),
            "timeout_error" => UpstreamFaults.TimedOut,
            // The same request may well succeed a little later.
            "overloaded_error" => new Fault(GatewayErrors.FailedMidway, Blame.Upstream, MayRetry: true),
            _ => new Fault(GatewayErrors.FailedMidway, Blame.Upstream),
        };
    }

    static Fault Of(int status, string? type, string message, TimeSpan? retryAfter)
    {
        bool Says(string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);
        return (status, type) switch
        {
            (402, _) or (_, "billing_error") => new Fault(GatewayErrors.QuotaExceeded, Blame.Client),
            (401 or 403, _) or (_, "authentication_error" or "permission_error") => new Fault(GatewayErrors.Unauthorized, Blame.Client),
            (429, _) or (_, "rate_limit_error") => UpstreamFaults.RateLimited(retryAfter),
            (413, _) or (_, "request_too_large") => new Fault(GatewayErrors.ContextTooLong, Blame.Client),
            (408 or 504, _) or (_, "timeout_error") => UpstreamFaults.TimedOut,
            (400, _) when Says("credit balance") => new Fault(GatewayErrors.QuotaExceeded, Blame.Client),
            (400, _) when UpstreamFaults.SaysTooLong(message) => new Fault(GatewayErrors.ContextTooLong, Blame.Client),
            // There the message is the name of the model and little else; an address that is wrong answers in other words.
            (404, "not_found_error") when Says("model") => new Fault(GatewayErrors.ModelUnknown, Blame.Client),
            _ => UpstreamFaults.Failed(status, retryAfter),
        };
    }
}
