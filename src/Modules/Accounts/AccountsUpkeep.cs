using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;

namespace JeanTrail.Accounts;

/// <summary>Clears away what ended long ago, was begun and not finished, or no longer counts.</summary>
internal sealed class AccountsUpkeep(Db db, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    const string SessionsSql = "delete from accounts.session where coalesce(revoked_at, expires_at) < @Before";
    const string AttemptsSql = "delete from accounts.sign_in_attempt where last_at < @Before and blocked_until < @Now";
    const string TicketsSql = "delete from accounts.sign_in_ticket where expires_at < @Before";
    const string UnconfirmedSql = "delete from accounts.totp where confirmed_at is null and created_at < @Before";
    const string CeremoniesSql = "delete from accounts.ceremony where expires_at < @Before";
    const string ProofsSql = "delete from accounts.proof where expires_at < @Before";
    const string InvitationsSql = "delete from accounts.team_invitation where expires_at < @Before";
    const string RefreshSql = "delete from accounts.refresh_token where expires_at < @Before";
    const string ApiKeysSql = "delete from accounts.api_key where coalesce(revoked_at, expires_at) < @Before";

    // What is kept is counted from the beginning of time: only days and months grow old.
    const string QuotasSql = "delete from accounts.quota_use where started_at < @Before and time_window in ('day', 'month')";

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await db.ExecuteAsync(SessionsSql, new { Before = now - TimeSpan.FromDays(30) }, cancel);
        await db.ExecuteAsync(AttemptsSql, new { Before = now - SignIn.AttemptThrottle.ForgottenAfter, Now = now }, cancel);
        await db.ExecuteAsync(TicketsSql, new { Before = now - SignIn.SignInTickets.CountedFor }, cancel);
        await db.ExecuteAsync(UnconfirmedSql, new { Before = now - TimeSpan.FromDays(1) }, cancel);
        await db.ExecuteAsync(ProofsSql, new { Before = now }, cancel);
        await db.ExecuteAsync(RefreshSql, new { Before = now }, cancel);
        await db.ExecuteAsync(ApiKeysSql, new { Before = now - TimeSpan.FromDays(30) }, cancel);
        await db.ExecuteAsync(CeremoniesSql, new { Before = now }, cancel);
        await db.ExecuteAsync(InvitationsSql, new { Before = now }, cancel);
        await db.ExecuteAsync(QuotasSql, new { Before = now - TimeSpan.FromDays(400) }, cancel);
    }
}
