using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Privacy;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Accounts.Deletion;

/// <summary>
/// Erases the accounts whose time of grace is over. First the person is kept out on all nodes, so that nothing new is written; then each
/// module erases what it has; the account itself goes last. Wherever it is broken off, the next run finishes it.
/// </summary>
internal sealed partial class Erasure(Db db, UserChanges changes, IPersonRecords records, IAudit audit, TimeProvider clock, ILogger<Erasure> logger) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>A turn or a call that was running may write once more: what it wrote is swept away.</summary>
    static readonly TimeSpan SweptFor = TimeSpan.FromDays(1);

    const int Portion = 20;

    const string DueSql = "select user_id from accounts.deletion where erase_at <= @Now order by erase_at limit @Portion";

    const string KeepOutSql = """
        update accounts.user u set disabled_at = coalesce(u.disabled_at, @Now)
        where u.user_id = @Id and u.role <> 'owner' and exists (select from accounts.deletion d where d.user_id = @Id and d.erase_at <= @Now)
        returning u.email
        """;

    const string EraseSql = "delete from accounts.user where user_id = @Id and role <> 'owner'";
    const string RememberSql = "insert into accounts.erased (user_id, erased_at) values (@Id, @Now)";
    const string SweepSql = "select user_id from accounts.erased where erased_at > @After";

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var user in await db.QueryAsync<Guid>(SweepSql, new { After = clock.GetUtcNow() - SweptFor }, cancel))
            await records.EraseAsync(UserId.From(user), null, cancel);
        foreach (var user in await db.QueryAsync<Guid>(DueSql, new { Now = clock.GetUtcNow(), Portion }, cancel))
        {
            try
            {
                await EraseAsync(user, cancel);
            }
            catch (NpgsqlException failure)
            {
                // The others do not wait for one whose rows are in the way; the next run tries again.
                LogFailed(logger, failure, user);
            }
        }
    }

    async Task EraseAsync(Guid user, CancellationToken cancel)
    {
        var args = new { Id = user, Now = clock.GetUtcNow() };
        var (email, ended) = await db.InTransactionAsync<(string? Email, IReadOnlyList<Guid> Ended)>(
            async tx => await tx.FindAsync<string>(KeepOutSql, args, cancel) is { } address
                ? (address, await changes.EndSessionsAsync(tx, user, cancel))
                : (null, []),
            cancel);
        if (email is null)
            return;
        await changes.KeptOutAsync(user, ended);
        await records.EraseAsync(UserId.From(user), email, cancel);
        await db.InTransactionAsync(
            async tx =>
            {
                if (await tx.ExecuteAsync(EraseSql, args, cancel) == 0)
                    return;
                await tx.ExecuteAsync(RememberSql, args, cancel);
                await audit.WriteAsync(tx, new AuditEntry(AuditAct.AccountErased, null, null, null, "", [user]), cancel);
            },
            cancel);
        LogErased(logger, user);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "User {UserId} could not be erased")]
    static partial void LogFailed(ILogger logger, Exception failure, Guid userId);

    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} was erased")]
    static partial void LogErased(ILogger logger, Guid userId);
}
