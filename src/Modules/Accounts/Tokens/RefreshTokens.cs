using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.ApiKeys;
using JeanTrail.Accounts.Letters;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Tokens;

internal static partial class RefreshTokens
{
    public sealed record Request([Required, StringLength(100)] string RefreshToken)
    {
        public override string ToString() => nameof(Request);
    }

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/tokens/refresh", Handle)
            .WithName("Accounts_RefreshTokens")
            .WithSummary("Gives the next pair of tokens for a refresh token, once; both of the pair before end.")
            .WithExample(new Request(IssueTokens.Example.RefreshToken), IssueTokens.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Ok<IssueTokens.Pair>, ProblemHttpResult>> Handle(Request request, HttpContext context, Refresh refresh, CancellationToken cancel)
    {
        var next = await refresh.UseAsync(request.RefreshToken, context, cancel);
        return next.TryGet(out var pair, out var error) ? TypedResults.Ok(pair) : error.ToProblem();
    }

    /// <remarks>
    /// Source: RFC 9700 §4.14.2. There is no grace for a token that comes twice: who of the two is the thief cannot be told, and a client
    /// that lost an answer signs in again.
    /// </remarks>
    internal sealed partial class Refresh(
        Db db, TokenIssuer issuer, LiveSessions sessions, AccountLetters letters, IAudit audit, TimeProvider clock, IOptions<AccountsOptions> options, ILogger<Refresh> logger)
    {
        // Of two at once one waits for the other, and then finds the token used.
        const string UseSql = """
            update accounts.refresh_token set used_at = @Now where token_hash = @Hash and used_at is null and expires_at > @Now returning session_id
            """;

        const string RenewSql = """
            update accounts.session s set
                token_hash = @Access, access_expires_at = @AccessExpiresAt, last_seen_at = @Now, address = @Address,
                expires_at = least(s.created_at + @Lifetime, @Now::timestamptz + @IdleLifetime::interval)
            from accounts.user u
            where s.session_id = @Session and s.kind = 'program' and s.revoked_at is null and s.expires_at > @Now
              and u.user_id = s.user_id and u.disabled_at is null
            """;

        const string ReusedSql = """
            update accounts.session s set revoked_at = @Now
            from accounts.refresh_token r, accounts.user u left join accounts.preference p on p.user_id = u.user_id
            where r.token_hash = @Hash and r.used_at is not null and s.session_id = r.session_id and s.revoked_at is null and u.user_id = s.user_id
            returning s.session_id, s.user_id, u.email, p.locale
            """;

        internal async Task<Result<IssueTokens.Pair>> UseAsync(string token, HttpContext context, CancellationToken cancel)
        {
            if (BearerToken.HashOf(BearerToken.Refresh, token) is not { } hash)
                return AccountsErrors.TokenInvalid;
            var (pair, reused) = await db.InTransactionAsync<(IssueTokens.Pair? Pair, Reused? Reused)>(
                async tx =>
                {
                    var args = new { Hash = hash.ToArray(), Now = clock.GetUtcNow() };
                    return await tx.FindAsync<Guid?>(UseSql, args, cancel) is { } session
                        ? (await RenewAsync(tx, session, context, cancel), null)
                        : (null, await EndAsync(tx, args, context, cancel));
                },
                cancel);
            if (reused is not null)
            {
                await sessions.ForgetAsync([reused.SessionId], CancellationToken.None);
                LogReused(logger, reused.UserId, reused.SessionId);
            }

            if (pair is null)
                return AccountsErrors.TokenInvalid;

            // The access token before is forgotten on all nodes.
            await sessions.RereadAsync([pair.SessionId], CancellationToken.None);
            return pair;
        }

        async Task<IssueTokens.Pair?> RenewAsync(Tx tx, Guid session, HttpContext context, CancellationToken cancel)
        {
            var access = SecretHash.NewToken();
            var now = clock.GetUtcNow();
            var row = new
            {
                Session = session,
                Access = SecretHash.OfToken(access)!.Value.ToArray(),
                AccessExpiresAt = now + TokenIssuer.AccessLifetime,
                Now = now,
                Address = ClientAddress.Of(context),
                Lifetime = options.Value.SessionLifetime,
                IdleLifetime = options.Value.SessionIdleLifetime,
            };
            return await tx.ExecuteAsync(RenewSql, row, cancel) == 1 ? await issuer.FollowAsync(tx, session, access, cancel) : null;
        }

        async Task<Reused?> EndAsync(Tx tx, object args, HttpContext context, CancellationToken cancel)
        {
            if (await tx.FindAsync<Reused>(ReusedSql, args, cancel) is not { } reused)
                return null;
            await letters.SendAsync(tx, AccountLetter.TokenReused, reused.Email, reused.Locale, new(letters.Link("/settings/account")), cancel);
            await audit.WriteAsync(tx, AuditEntry.OfNobody(AuditAct.TokenReused, context, [reused.SessionId, reused.UserId]), cancel);
            return reused;
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh token of user {UserId} came twice; session {SessionId} was ended")]
        static partial void LogReused(ILogger logger, Guid userId, Guid sessionId);

        sealed record Reused(Guid SessionId, Guid UserId, string Email, string? Locale);
    }
}
