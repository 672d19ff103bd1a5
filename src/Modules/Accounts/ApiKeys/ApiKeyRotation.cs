using JeanTrail.Accounts.Letters;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Accounts.ApiKeys;

/// <summary>
/// Lets planned rotations come due, as <see cref="RotatingSecret"/> says, and tells their people.
/// </summary>
internal sealed class ApiKeyRotation(Db db, AccountLetters letters, LiveApiKeys keys, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    const int Portion = 100;

    const string DueSql = $"""
        update accounts.api_key k set {RotatingSecret.ComesDue}
        from accounts.user u left join accounts.preference p on p.user_id = u.user_id
        where u.user_id = k.user_id and k.key_id = any(array(
            select d.key_id from accounts.api_key d join accounts.user o on o.user_id = d.user_id
            where {RotatingSecret.IsDue} and o.disabled_at is null
            order by d.rotate_at limit @Portion for update of d skip locked))
        returning k.key_id, k.hint, k.secret_until, u.email, p.locale
        """;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (await LetDueAsync(cancel) == Portion)
            cancel.ThrowIfCancellationRequested();
    }

    async Task<int> LetDueAsync(CancellationToken cancel)
    {
        var due = await db.InTransactionAsync(
            async tx =>
            {
                var rows = await tx.QueryAsync<Row>(DueSql, new { Now = clock.GetUtcNow(), Portion }, cancel);
                foreach (var row in rows)
                {
                    var values = new LetterValues(letters.Link("/settings/keys"), Key: row.Hint, Until: row.SecretUntil);
                    await letters.SendAsync(tx, AccountLetter.ApiKeyRotationDue, row.Email, row.Locale, values, cancel);
                }

                return rows;
            },
            cancel);
        foreach (var row in due)
            await keys.ChangedAsync(row.KeyId);
        return due.Count;
    }

    sealed record Row(Guid KeyId, string Hint, DateTimeOffset SecretUntil, string Email, string? Locale);
}
