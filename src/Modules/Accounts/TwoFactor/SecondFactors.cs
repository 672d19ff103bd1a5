using System.Security.Cryptography;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Accounts.TwoFactor;

/// <summary>Knows who turned a second factor on, seals and opens its secret, and uses codes up: each is accepted once.</summary>
internal sealed class SecondFactors(Db db, ISecretProtector protector, TimeProvider clock)
{
    const string IsOnSql = "select exists (select from accounts.totp where user_id = @User and confirmed_at is not null)";
    const string FindSql = "select secret, confirmed_at is not null as confirmed from accounts.totp where user_id = @User";

    // The sealed secret is compared too: a code of one that was replaced meanwhile proves nothing.
    const string UseStepSql = """
        update accounts.totp set last_step = @Step
        where user_id = @User and secret = @Secret and confirmed_at is not null and coalesce(last_step, 0) < @Step
        """;

    const string UseRecoverySql = "update accounts.recovery_code set used_at = @Now where user_id = @User and code_hash = @Hash and used_at is null";
    const string ForgetRecoverySql = "delete from accounts.recovery_code where user_id = @User";
    const string AddRecoverySql = "insert into accounts.recovery_code (user_id, code_hash) select @User, unnest(@Hashes::bytea[])";

    internal const int RecoveryCodes = 10;

    internal Task<bool> IsOnAsync(IDbSession session, UserId user, CancellationToken cancel)
        => session.FindAsync<bool>(IsOnSql, new { User = user }, cancel);

    internal Task<byte[]> SealAsync(UserId user, byte[] secret, CancellationToken cancel) => protector.ProtectAsync(PlaceOf(user), secret.AsMemory(), cancel);

    /// <summary>Uses up a code of the app or a recovery code. False when it is wrong, or was used before.</summary>
    internal async Task<bool> UseAsync(UserId user, string typed, CancellationToken cancel)
    {
        if (Totp.Parse(typed) is not { } code)
            return await db.ExecuteAsync(UseRecoverySql, new { User = user, Hash = ReadableCode.Hash(typed), Now = clock.GetUtcNow() }, cancel) == 1;
        return await FindStepAsync(user, code, confirmed: true, cancel) is { } match
            && await db.ExecuteAsync(UseStepSql, new { User = user, Secret = match.Sealed, match.Step }, cancel) == 1;
    }

    /// <summary>The step of a code and the sealed secret it was made with; null when the code is wrong, or there is no such secret.</summary>
    internal async Task<Match?> FindStepAsync(UserId user, string code, bool confirmed, CancellationToken cancel)
    {
        if (await db.FindAsync<Row>(FindSql, new { User = user }, cancel) is not { } row || row.Confirmed != confirmed)
            return null;
        var secret = await protector.UnprotectBytesAsync(PlaceOf(user), row.Secret, cancel);
        try
        {
            return Totp.FindStep(secret, code, clock.GetUtcNow()) is { } step ? new Match(row.Secret, step) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Ten new recovery codes in place of all earlier ones; only their hashes stay. 75 random bits each need no slow hash.</summary>
    internal static async Task<IReadOnlyList<string>> ReplaceRecoveryCodesAsync(IDbSession session, UserId user, CancellationToken cancel)
    {
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => ReadableCode.New(groups: 3, groupLength: 5)).ToList();
        await session.ExecuteAsync(ForgetRecoverySql, new { User = user }, cancel);
        await session.ExecuteAsync(AddRecoverySql, new { User = user, Hashes = codes.Select(ReadableCode.Hash).ToArray() }, cancel);
        return codes;
    }

    static SecretPlace PlaceOf(UserId user) => new(user.Value, "accounts.totp.secret", user.Value);

    internal sealed record Match(byte[] Sealed, long Step);

    sealed record Row(byte[] Secret, bool Confirmed);
}
