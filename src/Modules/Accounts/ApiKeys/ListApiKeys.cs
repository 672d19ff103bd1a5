using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.ApiKeys;

internal static class ListApiKeys
{
    /// <param name="Hint">The beginning of its secret.</param>
    /// <param name="Scopes">What it may be used for.</param>
    /// <param name="ExpiresAt">When it ends for good, or null.</param>
    /// <param name="LastUsedAt">To the minute; null when it never was.</param>
    /// <param name="RotateEveryDays">How often it is to have a new secret by itself; null for never.</param>
    /// <param name="RotateAt">When that comes due next; null when it is not planned, or is due already.</param>
    /// <param name="SecretUntil">Set while a new secret is due: the present one ends then, taken over from or not.</param>
    /// <param name="PreviousUntil">How long the secret before the present one works.</param>
    /// <param name="Leaked">Whether somebody reported it as found, which revoked it.</param>
    public sealed record Key(
        Guid Id, string Name, string Hint, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, string? LastAddress,
        int? RotateEveryDays, int OverlapHours, DateTimeOffset? RotateAt, DateTimeOffset? SecretUntil, DateTimeOffset? PreviousUntil, DateTimeOffset? RevokedAt, bool Leaked);

    /// <param name="Keys">Newest first; revoked ones stay for a month.</param>
    /// <param name="Scopes">Every scope there is.</param>
    public sealed record Response(IReadOnlyList<Key> Keys, IReadOnlyList<ApiScope> Scopes);

    internal static readonly Key Example = new(
        new Guid("019cebb1-7c3a-7e15-a0d4-3b8f2c6e9d71"), "Backup script", "jt_pat_q8ZfTw…", [ApiScopes.ChatRead, ApiScopes.AgentsRead], new(2026, 3, 14, 9, 30, 0, TimeSpan.Zero),
        new(2027, 3, 14, 9, 30, 0, TimeSpan.Zero), new(2026, 3, 14, 9, 41, 0, TimeSpan.Zero), "192.0.2.17", 90, 24, new(2026, 6, 12, 9, 30, 0, TimeSpan.Zero), null, null, null, false);

    const string Sql = $"select {ApiKeyRow.Columns} from accounts.api_key where user_id = @User order by created_at desc, key_id desc";
    const string SelfSql = $"select {ApiKeyRow.Columns} from accounts.api_key where user_id = @User and key_id = @Key and revoked_at is null";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/api-keys", Handle)
            .WithName("Accounts_ListApiKeys")
            .WithSummary("Lists the person's API keys, and the scopes that there are.")
            .WithExample(response: new Response([Example], ApiScopes.All))
            .RequireAuthorization(Policies.SignedIn);
        routes.MapGet("/api-keys/self", SelfAsync)
            .WithName("Accounts_GetOwnApiKey")
            .WithSummary("Tells a program about the key it came with.")
            .WithExample(response: Example)
            .RequireAuthorization(Policies.SignedIn)
            .OpenToEveryKey();
    }

    static async Task<Ok<Response>> Handle(Caller caller, Db db, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<ApiKeyRow>(Sql, new { User = caller.UserId }, cancel);
        return TypedResults.Ok(new Response([.. rows.Select(row => row.ToView())], ApiScopes.All));
    }

    // With a key the caller's session is the key; a person's session is none.
    static async Task<Results<Ok<Key>, ProblemHttpResult>> SelfAsync(Caller caller, Db db, CancellationToken cancel)
        => await db.FindAsync<ApiKeyRow>(SelfSql, new { User = caller.UserId, Key = caller.SessionId }, cancel) is { } row
            ? TypedResults.Ok(row.ToView())
            : KernelErrors.NotFound.ToProblem();
}
