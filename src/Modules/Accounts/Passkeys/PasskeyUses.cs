using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.Passkeys;

/// <summary>Writes down that a passkey was used, unless its counter says that there are two of it.</summary>
internal sealed class PasskeyUses(Db db, IAudit audit, TimeProvider clock)
{
    // Authenticators that do not count say zero each time. Of two answers with one count the second is a copy's.
    const string UseSql = """
        update accounts.passkey set sign_count = @Count, backed_up = @BackedUp, last_used_at = @Now
        where credential_id = @Credential and user_id = @User and (sign_count < @Count or (sign_count = 0 and @Count = 0))
        """;

    const string FindSql = "select passkey_id, sign_count from accounts.passkey where credential_id = @Credential and user_id = @User";

    /// <summary>False when the passkey was removed meanwhile, its person suspended, or its counter did not rise.</summary>
    internal async Task<bool> UseAsync(Tx tx, UsedPasskey used, CancellationToken cancel)
        => await UserLock.TakeAsync(tx, used.User, cancel)
            && await tx.ExecuteAsync(UseSql, new { used.User, Credential = used.CredentialId, Count = (long)used.SignCount, BackedUp = used.IsBackedUp, Now = clock.GetUtcNow() }, cancel) == 1;

    /// <summary>After a refusal: puts a counter that did not rise on the record.</summary>
    internal Task RecordRefusalAsync(UsedPasskey used, HttpContext context, CancellationToken cancel)
        => db.InTransactionAsync(
            async tx =>
            {
                if (await tx.FindAsync<Row>(FindSql, new { used.User, Credential = used.CredentialId }, cancel) is { } known && known.SignCount > 0 && used.SignCount <= known.SignCount)
                    await audit.WriteAsync(tx, AuditEntry.OfNobody(AuditAct.PasskeyCounterWentBack, context, [used.User.Value, known.PasskeyId], new { known.SignCount, Told = used.SignCount }), cancel);
            },
            cancel);

    sealed record Row(Guid PasskeyId, long SignCount);
}
