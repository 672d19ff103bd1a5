using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.SignIn;

/// <summary>Takes a way of signing in away from a person, but never the last.</summary>
internal sealed class WaysIn(Db db)
{
    const string OthersSql = """
        select exists (select from accounts.user where user_id = @User and password_hash is not null)
            or exists (select from accounts.passkey where user_id = @User and passkey_id <> @Without)
            or exists (select from accounts.external_identity i join accounts.identity_provider p on p.provider_id = i.provider_id
                       where i.user_id = @User and p.enabled and p.provider_id <> @Without)
        """;

    /// <summary>Null when it is done.</summary>
    /// <param name="without">The passkey, or the provider of the connected account.</param>
    /// <param name="takeAway">Does it; false when there is nothing to take.</param>
    internal Task<Error?> TakeAwayAsync(UserId user, Guid without, Func<Tx, Task<bool>> takeAway, CancellationToken cancel)
        => db.InTransactionAsync<Error?>(
            async tx =>
            {
                // Two that are taken away at once stand in line.
                await UserLock.TakeAsync(tx, user, cancel);
                if (!await tx.FindAsync<bool>(OthersSql, new { User = user, Without = without }, cancel))
                    return AccountsErrors.LastWayIn;
                return await takeAway(tx) ? null : KernelErrors.NotFound;
            },
            cancel);
}
