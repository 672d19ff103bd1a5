using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Accounts;

/// <summary>What a plan limits.</summary>
public enum QuotaMeter
{
    /// <summary>Turns of a conversation, by the day.</summary>
    Requests,

    /// <summary>Bytes that are kept for the person; what is deleted is given back.</summary>
    Storage,

    /// <summary>Bytes of sound and files sent to the person, by the month.</summary>
    Bandwidth,
}

/// <summary>
/// How much of the server a person may use, by the plan of their role. Days and months are those of UTC. What is written is written in
/// <c>session</c>: in a transaction it is there exactly when that commits. Null writes at once.
/// </summary>
public interface IQuotas
{
    /// <summary>
    /// Takes <paramref name="amount"/>, or nothing: of any number at once, over all nodes, no more succeed than fit. Null when it was taken;
    /// otherwise <c>accounts.quota_exhausted</c> (429) or, for storage, <c>accounts.storage_full</c> (413), with <c>meter</c>, <c>limit</c>,
    /// <c>used</c> and, where there is one, <c>resetsAt</c>.
    /// </summary>
    /// <param name="amount">Turns or bytes; 0 asks whether nothing more than the limit is used.</param>
    Task<Error?> TryTakeAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, CancellationToken cancel);

    /// <summary>Counts what was used already, whether or not it fits: how much a stream was is known at its end.</summary>
    Task CountAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, CancellationToken cancel);

    /// <summary>Gives back what was taken in the same day or month, or what is no longer kept. Never falls below nothing.</summary>
    Task ReleaseAsync(IDbSession? session, UserId user, QuotaMeter meter, long amount, CancellationToken cancel);

    /// <summary>What the person used of each meter; empty when there is no such person.</summary>
    Task<IReadOnlyList<QuotaUse>> UsageAsync(UserId user, CancellationToken cancel);
}

/// <param name="Limit">Null is unlimited.</param>
/// <param name="ResetsAt">When it begins anew; null for storage, which never does.</param>
public sealed record QuotaUse(QuotaMeter Meter, long Used, long? Limit, DateTimeOffset? ResetsAt);
