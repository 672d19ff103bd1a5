using JeanTrail.Contracts.Accounts;
using JeanTrail.Gateway.Limits;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Gateway.Keys;

/// <summary>What happens when a key or its person changes: nobody believes what they knew, and calls that run are let go on or not.</summary>
internal sealed partial class KeyRing
{
    /// <summary>
    /// As <see cref="FindAsync"/>, for a call that takes its time: when the key is revoked, its secret ends or its person is suspended, it is cut, here
    /// and on every other node.
    /// </summary>
    /// <param name="aborted">The caller left.</param>
    internal async ValueTask<Result<RunningCall>> EnterAsync(string bearer, CancellationToken aborted)
    {
        while (true)
        {
            var before = Volatile.Read(ref generation);
            if (!(await FindAsync(bearer, aborted)).TryGet(out var grant, out var error))
                return error;
            var call = running.Enter(KeySecret.HashOf(bearer)!.Value, grant, aborted);
            // A change that came between the two found no call to look at.
            if (Volatile.Read(ref generation) == before)
                return call;
            call.Dispose();
        }
    }

    Task ForgetAsync(Guid key) => ForgetAsync(grant => grant.Consumer.KeyId == key);

    /// <summary>The person was suspended, restored, or has another role.</summary>
    Task ForgetKeysOfAsync(UserId user)
    {
        // While they were suspended their keys were like keys that nobody has.
        unknown.Clear();
        return ForgetAsync(grant => grant.Consumer.UserId == user);
    }

    async Task ForgetAsync(Func<KeyGrant, bool> whose)
    {
        Interlocked.Increment(ref generation);
        // Who asks from now on does not join a look that began before the change.
        loading.Clear();
        foreach (var (hash, entry) in known)
        {
            if (whose(entry.Grant))
                known.TryRemove(hash, out _);
        }

        foreach (var calls in running.Where(whose))
        {
            if (await StillOpensAsync(calls.Key))
                continue;
            foreach (var call in calls)
                call.End(GatewayErrors.VirtualKeyEnded);
        }
    }

    async Task<bool> StillOpensAsync(SecretHash hash)
    {
        try
        {
            return (await LoadAsync(hash, CancellationToken.None)).Succeeded;
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            // The database is away: who is in stays in until there is an answer, which the end of the gap asks for.
            LogNotAsked(logger, failure);
            return true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether running calls may go on could not be found out")]
    static partial void LogNotAsked(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The change of virtual key {KeyId} could not be sent to the other nodes")]
    static partial void LogNotSent(ILogger logger, Guid keyId, Exception failure);

    /// <param name="SecretUntil">When this secret, not the key, ends: the grace after a rotation.</param>
    sealed record Entry(
        Guid KeyId, SecretHash Hash, KeyGrant Grant, bool Revoked, DateTimeOffset ExpiresAt, DateTimeOffset SecretUntil, DateTimeOffset LoadedAt)
    {
        int renewing;

        /// <summary>UTC ticks of the last use that was told to <see cref="KeyUses"/>.</summary>
        internal long NotedAt { get; set; }

        internal bool TryRenew() => Interlocked.Exchange(ref renewing, 1) == 0;

        internal static Entry Of(KeyRow row, DirectoryUser person, TeamSet teams, SecretHash asked, DateTimeOffset now)
        {
            var current = SecretHash.From(row.SecretHash);
            var isCurrent = current.EqualsInFixedTime(asked);
            return new Entry(
                row.KeyId,
                isCurrent ? current : SecretHash.From(row.PreviousHash),
                new KeyGrant(new Consumer(person.Id, person.Role, row.KeyId) { Teams = teams }, new KeyScope(row.Surfaces, row.Models)),
                row.RevokedAt is not null,
                row.ExpiresAt ?? DateTimeOffset.MaxValue,
                isCurrent ? row.SecretUntil ?? DateTimeOffset.MaxValue : row.PreviousUntil ?? DateTimeOffset.MinValue,
                now);
        }
    }
}
