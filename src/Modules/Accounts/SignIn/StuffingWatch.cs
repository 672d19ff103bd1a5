using JeanTrail.Accounts.Letters;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.SignIn;

/// <summary>
/// Notices credential stuffing: stolen pairs tried once or twice each, from many networks, so that no single pause ever catches it. Failures
/// that many doors and networks share within minutes go on the record, and to the owner by letter.
/// </summary>
/// <remarks>Source: OWASP Credential Stuffing Prevention Cheat Sheet, "Defense in depth" and metrics.</remarks>
internal sealed partial class StuffingWatch(Db db, IAudit audit, AccountLetters letters, TimeProvider clock, ILogger<StuffingWatch> logger) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>One attack, one letter.</summary>
    internal static readonly TimeSpan Silence = TimeSpan.FromHours(6);

    /// <summary>Different things that failed, each from its network; a server's own people forget fewer passwords within <see cref="Window"/>.</summary>
    internal const int Fewest = 100;

    // A row is a thing and a network: a person who tries often is one, and who succeeds is none.
    const string SeenSql = """
        select count(*)::int from accounts.sign_in_attempt
        where last_at > @Since and not exists (select from kernel.audit where act = @Act and at > @Told)
        """;

    const string OwnerSql = """
        select u.email, p.locale from accounts.user u left join accounts.preference p on p.user_id = u.user_id where u.role = 'owner'
        """;

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var seen = await db.FindAsync<int>(SeenSql, new { Since = now - Window, Act = AuditAct.StuffingSuspected.Name, Told = now - Silence }, cancel);
        if (seen < Fewest)
            return;
        await db.InTransactionAsync(
            async tx =>
            {
                await audit.WriteAsync(tx, new AuditEntry(AuditAct.StuffingSuspected, null, null, null, "", [], After: new { Attempts = seen }), cancel);
                foreach (var owner in await tx.QueryAsync<Owner>(OwnerSql, null, cancel))
                    await letters.SendAsync(tx, AccountLetter.StuffingSuspected, owner.Email, owner.Locale, new(letters.Link("/settings/audit")), cancel);
            },
            cancel);
        LogSuspected(logger, seen);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Seen} different sign-ins failed within minutes: stolen passwords are being tried")]
    static partial void LogSuspected(ILogger logger, int seen);

    sealed record Owner(string Email, string? Locale);
}
