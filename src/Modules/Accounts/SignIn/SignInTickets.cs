using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.SignIn;

/// <summary>
/// Sign-ins that passed their first factor and wait for the second. A ticket holds for the network it was given to, and ends with the
/// password it was given for.
/// </summary>
internal sealed class SignInTickets(Db db, TimeProvider clock)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    internal static readonly TimeSpan CountedFor = TimeSpan.FromDays(1);
    internal const int MaxFailures = 5;

    /// <summary>Over all tickets of a person: who knows the password may not ask for ticket after ticket.</summary>
    internal const int MaxFailuresPerDay = 50;

    const string InsertSql = """
        insert into accounts.sign_in_ticket (ticket_hash, user_id, credential, network, expires_at)
        select @Hash, user_id, sha256(convert_to(coalesce(password_hash, ''), 'UTF8')), @Network, @ExpiresAt
        from accounts.user where user_id = @User
        """;

    // Counted before the code is verified, so that parallel guesses cannot outrun the count; a success takes the ticket away.
    const string TrySql = """
        update accounts.sign_in_ticket t set failures = t.failures + 1
        where t.ticket_hash = @Hash and t.network = @Network and t.expires_at > @Now and t.failures < @Max
          and (select coalesce(sum(o.failures), 0) from accounts.sign_in_ticket o
               where o.user_id = t.user_id and o.credential = t.credential and o.expires_at > @Counted) < @MaxPerDay
        returning t.user_id
        """;

    const string UseSql = """
        delete from accounts.sign_in_ticket t using accounts.user u
        where t.ticket_hash = @Hash and t.expires_at > @Now and u.user_id = t.user_id
          and t.credential = sha256(convert_to(coalesce(u.password_hash, ''), 'UTF8'))
        """;

    internal async Task<SecondFactor.Needed> IssueAsync(Tx tx, UserId user, HttpContext context, CancellationToken cancel)
    {
        var ticket = SecretHash.NewToken();
        var expiresAt = clock.GetUtcNow() + Lifetime;
        await tx.ExecuteAsync(InsertSql, new { Hash = HashOf(ticket), User = user, Network = ClientAddress.Network(context), ExpiresAt = expiresAt }, cancel);
        return new SecondFactor.Needed(ticket, expiresAt);
    }

    /// <summary>Whose ticket it is, when one more code may be tried with it.</summary>
    internal Task<UserId?> TryAsync(string ticket, HttpContext context, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var args = new
        {
            Hash = HashOf(ticket),
            Network = ClientAddress.Network(context),
            Now = now,
            Max = MaxFailures,
            Counted = now - CountedFor,
            MaxPerDay = MaxFailuresPerDay,
        };
        return db.FindAsync<UserId?>(TrySql, args, cancel);
    }

    /// <summary>Takes the ticket away; false when it no longer holds. The person is locked first: a password that changes meanwhile is waited for.</summary>
    internal async Task<bool> UseAsync(Tx tx, string ticket, UserId user, CancellationToken cancel)
        => await UserLock.TakeAsync(tx, user, cancel)
            && await tx.ExecuteAsync(UseSql, new { Hash = HashOf(ticket), Now = clock.GetUtcNow() }, cancel) == 1;

    // A text that is no ticket of ours has a hash that is in no row.
    static byte[] HashOf(string ticket) => SecretHash.OfToken(ticket)?.ToArray() ?? [];
}
