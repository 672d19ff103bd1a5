using System.Security.Cryptography;
using System.Text;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Kernel.Data;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.SignIn;

/// <summary>
/// Slows guessing down, per thing that is tried and network it is tried from: a few attempts are free, then each one doubles the pause.
/// The owner at another address is not locked out by a stranger, and names nobody has are treated like those somebody has.
/// </summary>
internal sealed class AttemptThrottle(Db db, TimeProvider clock)
{
    internal const int FreeAttempts = 5;
    internal static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    internal static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(24);

    // Counted before the secret is verified, so that parallel guesses cannot outrun the count; a success takes it back.
    const string EnterSql = """
        insert into accounts.sign_in_attempt as a (attempt_key, failures, last_at, blocked_until)
        values (@Key, 1, @Now, @Now)
        on conflict (attempt_key) do update set
            failures = case when a.last_at < @Forgotten then 1 else a.failures + 1 end,
            last_at = @Now,
            blocked_until = case
                when a.last_at < @Forgotten or a.failures + 1 < @Free then @Now
                else @Now + make_interval(secs => least(@Longest, @First * power(2, least(a.failures + 1 - @Free, 20)))) end
        where a.blocked_until <= @Now
        """;

    const string BlockedSql = "select blocked_until from accounts.sign_in_attempt where attempt_key = @Key";
    const string ClearSql = "delete from accounts.sign_in_attempt where attempt_key = @Key";

    /// <summary>Null when the attempt may be made; otherwise how long to wait.</summary>
    internal async Task<TimeSpan?> EnterAsync(string what, HttpContext context, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var args = new
        {
            Key = Key(what, context),
            Now = now,
            Forgotten = now - ForgottenAfter,
            Free = FreeAttempts,
            First = FirstPause.TotalSeconds,
            Longest = LongestPause.TotalSeconds,
        };
        if (await db.ExecuteAsync(EnterSql, args, cancel) == 1)
            return null;
        var until = await db.FindAsync<DateTimeOffset?>(BlockedSql, args, cancel);
        return until > now ? until - now : TimeSpan.FromSeconds(1);
    }

    internal Task ClearAsync(string what, HttpContext context, CancellationToken cancel)
        => db.ExecuteAsync(ClearSql, new { Key = Key(what, context) }, cancel);

    static byte[] Key(string what, HttpContext context) => SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{ClientAddress.Network(context)}"));
}
