using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Gateway;

/// <summary>What people's calls to models came to, from the books. Calls of the last second or two may not be in them yet.</summary>
public interface IModelUsage
{
    /// <summary>A person's calls by day of UTC, oldest first; days without calls are left out.</summary>
    Task<IReadOnlyList<ModelUsageDay>> ByDayAsync(UserId user, DateTimeOffset from, CancellationToken cancel);

    /// <summary>What each of these people used, each from their own moment on; people without calls are left out.</summary>
    Task<IReadOnlyList<ModelUsageTotal>> TotalsAsync(IReadOnlyDictionary<UserId, DateTimeOffset> since, CancellationToken cancel);
}

/// <param name="Day">Its beginning.</param>
/// <param name="CostMicros">Millionths of the currency of the price list.</param>
public sealed record ModelUsageDay(DateTimeOffset Day, long Calls, long InputTokens, long OutputTokens, long CostMicros);

/// <param name="CostMicros">Millionths of the currency of the price list.</param>
public sealed record ModelUsageTotal(UserId UserId, long Calls, long InputTokens, long OutputTokens, long CostMicros);
