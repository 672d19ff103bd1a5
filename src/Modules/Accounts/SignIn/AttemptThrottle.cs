using System.Security.Cryptography;
using System.Text;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.SignIn;

/// <summary>
/// Slows guessing down, per thing that is tried and network it is tried from: a few attempts are free, then each one doubles the pause.
/// The owner at another address is not locked out by a stranger, and names nobody has are treated like those somebody has.
/// </summary>
internal sealed class AttemptThrottle(Db db, IAudit audit, TimeProvider clock)
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
    const string RecordSql = "update accounts.sign_in_attempt set recorded_until = blocked_until where attempt_key = @Key and recorded_until is distinct from blocked_until";
    const string ClearSql = "delete from accounts.sign_in_attempt where attempt_key = @Key";

    /// <summary>Null when the attempt may be made; otherwise the answer, with <c>Retry-After</c> set.</summary>
    internal async Task<Error?> RefuseAsync(string what, HttpContext context, CancellationToken cancel)
    {
        if (await EnterAsync(what, context, cancel) is not { } wait)
            return null;
        context.Response.Headers.RetryAfter = AccountsErrors.Seconds(wait).ToString();
        return AccountsErrors.TooManyAttempts(wait);
    }

    internal Task ClearAsync(string what, HttpContext context, CancellationToken cancel)
        => db.ExecuteAsync(ClearSql, new { Key = Key(what, context) }, cancel);

    /// <summary>Null, or how long to wait.</summary>
    async Task<TimeSpan?> EnterAsync(string what, HttpContext context, CancellationToken cancel)
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
        await RecordAsync(args.Key, context, cancel);
        var until = await db.FindAsync<DateTimeOffset?>(BlockedSql, args, cancel);
        return until > now ? until - now : TimeSpan.FromSeconds(1);
    }

    /// <summary>Puts each pause on the record once. Whose account it was about is not told: names that nobody has are treated alike.</summary>
    Task RecordAsync(byte[] key, HttpContext context, CancellationToken cancel)
        => db.InTransactionAsync(
            async tx =>
            {
                if (await tx.ExecuteAsync(RecordSql, new { Key = key }, cancel) == 1)
                    await audit.WriteAsync(tx, AuditEntry.OfNobody(AuditAct.SignInThrottled, context, [], new { Attempt = Convert.ToHexStringLower(key.AsSpan(0, 8)) }), cancel);
            },
            cancel);

    static byte[] Key(string what, HttpContext context) => SHA256.HashData(Encoding.UTF8.GetBytes($"{what}\n{ClientAddress.Network(context)}"));
}
