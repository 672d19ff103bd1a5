using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Accounts.Plans;

/// <summary>What is said when a quota is used up: how much there was, and when there is more.</summary>
internal static class PlanErrors
{
    internal static Error Exhausted(QuotaUse use, DateTimeOffset now)
    {
        var error = (use.Meter == QuotaMeter.Storage ? AccountsErrors.StorageFull : AccountsErrors.QuotaExhausted)
            .With("meter", Meters.NameOf(use.Meter)).With("limit", use.Limit).With("used", use.Used);
        return use.ResetsAt is { } at
            ? error.With("resetsAt", at).With(ErrorMapping.RetryAfterSeconds, AccountsErrors.Seconds(at - now))
            : error;
    }
}
