using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;

namespace JeanTrail.Accounts;

/// <summary>Clears away sessions that ended a month ago and attempts that no longer count.</summary>
internal sealed class AccountsUpkeep(Db db, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    const string SessionsSql = "delete from accounts.session where coalesce(revoked_at, expires_at) < @Before";
    const string AttemptsSql = "delete from accounts.sign_in_attempt where last_at < @Before and blocked_until < @Now";

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(SessionsSql, new { Before = now - TimeSpan.FromDays(30) }, cancel);
        await db.ExecuteAsync(AttemptsSql, new { Before = now - SignIn.AttemptThrottle.ForgottenAfter, Now = now }, cancel);
    }
}
