using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Gateway.Keys;

/// <summary>
/// Lets planned rotations come due, as <see cref="RotatingSecret"/> says, and tells their people. Also of those who are suspended: their keys open
/// nothing meanwhile, and a secret that was to end should not come back with them.
/// </summary>
internal sealed class KeyRotation(Db db, IKeyLetters letters, KeyRing keys, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    const int Portion = 100;

    const string DueSql = $"""
        update gateway.virtual_key set {RotatingSecret.ComesDue}, version = version + 1
        where key_id = any(array(
            select key_id from gateway.virtual_key where {RotatingSecret.IsDue} order by rotate_at limit @Portion for update skip locked))
        returning key_id, user_id, hint, secret_until
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
                    await letters.SendAsync(tx, KeyNews.RotationDue, row.UserId, row.Hint, ReportLeakedKey.Page, row.SecretUntil, cancel);
                return rows;
            },
            cancel);
        foreach (var row in due)
            await keys.InvalidateAsync(row.KeyId, CancellationToken.None);
        return due.Count;
    }

    sealed record Row(Guid KeyId, UserId UserId, string Hint, DateTimeOffset SecretUntil);
}
