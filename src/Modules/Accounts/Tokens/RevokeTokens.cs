using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.ApiKeys;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Tokens;

/// <remarks>Source: RFC 7009 §2.2: a token that is not good is answered like one that was.</remarks>
internal static class RevokeTokens
{
    /// <param name="Token">The access token or the refresh token.</param>
    public sealed record Request([Required, StringLength(100)] string Token)
    {
        public override string ToString() => nameof(Request);
    }

    // A used refresh token too: whoever holds it may end what it began, and nothing else.
    const string Sql = """
        update accounts.session s set revoked_at = @Now
        where s.kind = 'program' and s.revoked_at is null
          and (s.token_hash = @Access or s.session_id = (select r.session_id from accounts.refresh_token r where r.token_hash = @Refresh))
        returning s.session_id
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/tokens/revoke", Handle)
            .WithName("Accounts_RevokeTokens")
            .WithSummary("Signs a program out: ends its tokens and its session. The answer is the same for every text.")
            .WithExample(new Request(IssueTokens.Example.RefreshToken))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<NoContent> Handle(Request request, Db db, LiveSessions sessions, TimeProvider clock, CancellationToken cancel)
    {
        var args = new
        {
            Access = BearerToken.HashOf(BearerToken.Access, request.Token)?.ToArray() ?? [],
            Refresh = BearerToken.HashOf(BearerToken.Refresh, request.Token)?.ToArray() ?? [],
            Now = clock.GetUtcNow(),
        };
        var ended = await db.QueryAsync<Guid>(Sql, args, cancel);
        await sessions.ForgetAsync(ended, CancellationToken.None);
        return TypedResults.NoContent();
    }
}
