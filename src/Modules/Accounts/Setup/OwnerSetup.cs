using System.Security.Cryptography;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;

namespace JeanTrail.Accounts.Setup;

internal enum CodeVerdict
{
    Right,
    Wrong,
    OwnerExists,
}

/// <summary>Keeps the one-time code and knows whether there is an owner.</summary>
internal sealed class OwnerSetup(Db db, TimeProvider clock) : IOwnerSetup
{
    /// <summary>So many wrong codes end the code; with 40 random bits nobody guesses it before.</summary>
    internal const int MaxWrongAttempts = 100;

    const string OwnerExistsSql = "select exists (select from accounts.user where role = 'owner')";

    const string PrepareSql = """
        insert into accounts.owner_setup (code_hash, created_at) select @Hash, @Now
        where not exists (select from accounts.user where role = 'owner')
        on conflict (only_one) do update set code_hash = excluded.code_hash, created_at = excluded.created_at, wrong_attempts = 0
        """;

    // Counted before the comparison, so that parallel guesses cannot outrun the count.
    const string TrySql = """
        update accounts.owner_setup set wrong_attempts = wrong_attempts + 1
        where wrong_attempts < @Max
        returning code_hash
        """;

    const string ForgiveSql = "update accounts.owner_setup set wrong_attempts = wrong_attempts - 1 where code_hash = @Hash and wrong_attempts > 0";

    // Once there is an owner there always is one.
    volatile bool ownerSeen;

    internal async Task<bool> OwnerExistsAsync(CancellationToken cancel)
        => ownerSeen || (ownerSeen = await db.FindAsync<bool>(OwnerExistsSql, null, cancel));

    public async Task<string?> PrepareAsync(CancellationToken cancel)
    {
        var code = ReadableCode.New(groups: 2, groupLength: 4);
        return await db.ExecuteAsync(PrepareSql, new { Hash = ReadableCode.Hash(code), Now = clock.GetUtcNow() }, cancel) == 1 ? code : null;
    }

    internal async Task<CodeVerdict> TryCodeAsync(string code, CancellationToken cancel)
    {
        if (await OwnerExistsAsync(cancel))
            return CodeVerdict.OwnerExists;
        var hash = ReadableCode.Hash(code);
        var kept = await db.FindAsync<byte[]>(TrySql, new { Max = MaxWrongAttempts }, cancel);
        if (kept is null || !CryptographicOperations.FixedTimeEquals(kept, hash))
            return CodeVerdict.Wrong;
        await db.ExecuteAsync(ForgiveSql, new { Hash = hash }, cancel);
        return CodeVerdict.Right;
    }
}
