using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Limits;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway;

internal static class GatewayErrors
{
    internal const string BasicModel = ModelClient.BuiltInId;

    internal static readonly Error ModelUnknown = new("gateway.model_unknown", 404, "There is no such model. It may have been renamed or its provider removed; choose another.");
    internal static readonly Error ProviderDisabled = new("gateway.provider_disabled", 409, "The provider of this model is switched off.");
    internal static readonly Error ProviderNameTaken = new("gateway.provider_name_taken", 409, "There is a provider with this name already.");
    internal static readonly Error ProviderKeyUnreadable = new("gateway.provider_key_unreadable", 503, "The stored key of this provider can no longer be read. Enter it again in the settings.");
    internal static readonly Error ProviderKeyNeeded = Invalid("gateway.provider_key_needed", "apiKey", "The address belongs to another server now. Enter the key again, so that it is not sent where it does not belong.");
    internal static readonly Error KeyInvalid = Invalid("gateway.provider_key_invalid", "apiKey", "A key has no spaces and no special characters; copy it again.");
    internal static readonly Error ProviderKeysRemain = Invalid("gateway.provider_keys_remain", "baseUrl", "The address belongs to another server now, and further keys of the old one are stored. Remove those first, so that they are not sent where they do not belong.");
    internal static readonly Error ProviderKeysFull = new("gateway.provider_keys_full", 409, "This provider has as many keys as it can have. Remove one first.");
    internal static readonly Error RouteNameTaken = new("gateway.route_name_taken", 409, "There is a route with this name already.");
    internal static readonly Error RouteChanged = new("gateway.route_changed", 409, "Somebody else changed this route meanwhile. Load it again and repeat what you changed.");

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

    /// <param name="param">The member at fault, as OpenAI's errors name it; null for the whole.</param>
    internal static Error RequestInvalid(string reason, string? param) => new Error("gateway.request_invalid", 400, reason).With("param", param);

    /// <summary>The chosen upstream has no word for what the request asks.</summary>
    internal static Error NotTranslatable(string what, string? param) => new Error("gateway.not_translatable", 400, what).With("param", param);

    /// <summary>There are models, but none that takes this request.</summary>
    internal static Error NoTarget(string reason) => new("gateway.no_target", 400, reason);

    internal static readonly Error TooManyRules = new("gateway.too_many_rules", 409, "There are as many rules as there can be. Remove one first.");

    /// <summary>A guardrail refused a text. Says which rule and never which text.</summary>
    internal static Error Blocked(string message, int rule, string kind) => new Error("gateway.blocked", 400, message).With("rule", rule).With("kind", kind);

    internal static readonly Error GuardrailUnreadable = new("gateway.guardrail_unreadable", 503, "A guardrail of this model cannot be read; its owner must correct it.");

    internal static readonly Error BodiesUnreadable = new("gateway.bodies_unreadable", 410, "The bodies of this call can no longer be read: the key they were sealed with is gone.");

    internal static readonly Error VirtualKeyInvalid = new("gateway.key_invalid", 401, "This key is not known here. Copy it again, or make a new one.");
    internal static readonly Error VirtualKeyExpired = new("gateway.key_expired", 401, "This key has expired.");
    internal static readonly Error VirtualKeyRevoked = new("gateway.key_revoked", 401, "This key was revoked.");
    internal static readonly Error PlanLacks = new("gateway.plan_lacks", 403, "The plan of the person this key belongs to does not hold this.");
    internal static readonly Error VirtualKeyEnded = new("gateway.key_ended", 401, "The key of this call was revoked, or its person suspended, while it ran. What came before is charged.");
    internal static readonly Error RotationNotDue = new("gateway.rotation_not_due", 409, "No new secret is due for this key, or it was taken already.");
    internal static readonly Error VirtualKeyScope = new("gateway.key_scope", 403, "This key may not use this model or this endpoint.");
    internal static readonly Error ChangedMeanwhile = new("gateway.changed_meanwhile", 409, "This was changed meanwhile. Load it again and repeat the change.");
    internal static readonly Error PriceUnchanged = new("gateway.price_unchanged", 409, "This price is in the list already, from the same moment on.");
    internal static readonly Error TooManyKeys = new("gateway.too_many_keys", 409, "You have as many keys as one person may have. Revoke some first.");

    /// <summary>Offers what always works; the person decides, for an answer of another model is another answer.</summary>
    internal static Error OfferingBasic(this Error error) => error.With("fallback", BasicModel);

    /// <summary>A limit has nothing left for the call. <paramref name="retryAfterSeconds"/> is null where no window ends.</summary>
    internal static Error LimitReached(Meter meter, long? retryAfterSeconds)
    {
        var error = meter switch
        {
            Meter.Requests => new Error("gateway.limit_requests", 429, "As many requests were made as are allowed for now."),
            Meter.Tokens => new Error("gateway.limit_tokens", 429, "As many tokens were used as are allowed for now."),
            Meter.Streams => new Error("gateway.limit_streams", 429, "As many calls run at the same time as are allowed. Wait for one to end."),
            _ => new Error("gateway.budget_exhausted", 429, "The budget for these calls is used up."),
        };
        return retryAfterSeconds is { } seconds ? error.With(ErrorMapping.RetryAfterSeconds, seconds) : error;
    }

    /// <summary>Nothing is left in hand, and the database that could give more is away.</summary>
    internal static Error LimitsUnknown => KernelErrors.DatabaseUnavailable.With(ErrorMapping.RetryAfterSeconds, 2);

    /// <summary>A field that is well-formed and cannot be accepted all the same.</summary>
    internal static Error Field(string field, string reason)
        => KernelErrors.Validation(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [reason] });

    /// <param name="field">The member of the request that is at fault.</param>
    internal static Error Invalid(string code, string field, string reason)
        => new Error(code, 400, reason).With("errors", new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [reason] });
}
