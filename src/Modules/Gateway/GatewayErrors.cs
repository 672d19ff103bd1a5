using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway;

internal static class GatewayErrors
{
    internal const string BasicModel = "jean/basic";

    internal static readonly Error ModelUnknown = new("gateway.model_unknown", 404, "There is no such model. It may have been renamed or its provider removed; choose another.");
    internal static readonly Error ProviderDisabled = new("gateway.provider_disabled", 409, "The provider of this model is switched off.");
    internal static readonly Error ProviderNameTaken = new("gateway.provider_name_taken", 409, "There is a provider with this name already.");
    internal static readonly Error ProviderKeyUnreadable = new("gateway.provider_key_unreadable", 503, "The stored key of this provider can no longer be read. Enter it again in the settings.");
    internal static readonly Error ProviderKeyNeeded = Invalid("gateway.provider_key_needed", "apiKey", "The address belongs to another server now. Enter the key again, so that it is not sent where it does not belong.");
    internal static readonly Error KeyInvalid = Invalid("gateway.provider_key_invalid", "apiKey", "A key has no spaces and no special characters; copy it again.");

    internal static readonly Error Unreachable = new("gateway.upstream_unreachable", 502, "The provider cannot be reached. Is its server running, and is the address right?");
    internal static readonly Error Unauthorized = new("gateway.upstream_unauthorized", 502, "The provider rejected the key. Check it in the settings.");
    internal static readonly Error RateLimited = new("gateway.upstream_rate_limited", 503, "The provider asks to slow down. Try again in a moment.");
    internal static readonly Error QuotaExceeded = new("gateway.upstream_quota_exceeded", 502, "The account at the provider has no credit left.");
    internal static readonly Error TimedOut = new("gateway.upstream_timeout", 504, "The provider did not answer in time.");
    internal static readonly Error Nonsense = new("gateway.upstream_nonsense", 502, "The provider's answer could not be understood. Is the address that of an OpenAI-compatible API?");
    internal static readonly Error Cut = new("gateway.upstream_cut", 502, "The provider broke off in the middle of the answer.");
    internal static readonly Error ContextTooLong = new("gateway.context_too_long", 422, "The conversation is too long for this model. Choose a model with a larger context, or start a new conversation.");

    internal static Error Failed(int status) => new Error("gateway.upstream_error", 502, $"The provider failed (status {status}).").With("upstreamStatus", status);

    /// <summary>The provider reported a failure inside a stream that had begun well.</summary>
    internal static readonly Error FailedMidway = new("gateway.upstream_error", 502, "The provider failed while it was answering.");

    internal static Error BaseUrlInvalid(string reason) => Invalid("gateway.base_url_invalid", "baseUrl", reason);

    /// <summary>Offers what always works; the person decides, for an answer of another model is another answer.</summary>
    internal static Error OfferingBasic(this Error error) => error.With("fallback", BasicModel);

    static Error Invalid(string code, string field, string reason)
        => new Error(code, 400, reason).With("errors", new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [reason] });
}
