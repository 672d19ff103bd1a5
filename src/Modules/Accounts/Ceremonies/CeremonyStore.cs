using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Accounts.Ceremonies;

/// <summary>Keeps what was begun in a browser until it is finished there: once, within ten minutes, by the same person.</summary>
internal sealed class CeremonyStore(Db db, TimeProvider clock)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    // Anybody may begin; what was never finished is cleared away by those who begin later, so that the table stays small.
    const string BeginSql = """
        with old as (
            delete from accounts.ceremony where token_hash in (
                select token_hash from accounts.ceremony where expires_at < @Now order by expires_at limit 10 for update skip locked))
        insert into accounts.ceremony (token_hash, browser_hash, kind, user_id, state, expires_at)
        values (@Token, @Browser, @Kind, @User, @State, @ExpiresAt)
        """;

    // A token that another browser or person shows stays: nobody can spoil what they did not begin.
    const string FinishSql = """
        delete from accounts.ceremony
        where token_hash = @Token and browser_hash = @Browser and kind = @Kind and user_id is not distinct from @User::uuid and expires_at > @Now
        returning state
        """;

    /// <summary>Keeps <paramref name="state"/> and binds it to the browser by a cookie. The token finishes it.</summary>
    /// <param name="user">Who alone may finish it; null where nobody is signed in yet.</param>
    internal async Task<string> BeginAsync(Ceremony ceremony, UserId? user, string state, HttpContext context, CancellationToken cancel)
    {
        var token = SecretHash.NewToken();
        var now = clock.GetUtcNow();
        var row = new
        {
            Token = HashOf(token),
            Browser = BrowserCookie.Renew(context, Lifetime),
            ceremony.Kind,
            User = user?.Value,
            State = state,
            Now = now,
            ExpiresAt = now + Lifetime,
        };
        await db.ExecuteAsync(BeginSql, row, cancel);
        return token;
    }

    /// <summary>What was kept, of several requests to one of them; null when there is nothing to finish.</summary>
    internal async Task<string?> FinishAsync(Ceremony ceremony, UserId? user, string token, HttpContext context, CancellationToken cancel)
        => BrowserCookie.Read(context.Request) is { } browser
            ? await db.FindAsync<string>(FinishSql, new { Token = HashOf(token), Browser = browser, ceremony.Kind, User = user?.Value, Now = clock.GetUtcNow() }, cancel)
            : null;

    // A text that is no token of ours has a hash that is in no row.
    static byte[] HashOf(string token) => SecretHash.OfToken(token)?.ToArray() ?? [];
}
