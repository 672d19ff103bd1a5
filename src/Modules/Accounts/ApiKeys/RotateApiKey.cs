using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Letters;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.ApiKeys;

/// <summary>A new secret for a key: when its person wants one, or taken by its program when a planned rotation is due.</summary>
internal static class RotateApiKey
{
    /// <param name="OverlapHours">How long the present secret still works; 0 ends it at once.</param>
    public sealed record Request([Range(0, RotatingSecret.MaxOverlapHours)] int OverlapHours = RotatingSecret.DefaultOverlapHours);

    const string Sql = $"""
        update accounts.api_key set {RotatingSecret.Replaced}
        where key_id = @Id and user_id = @User and revoked_at is null
        returning {ApiKeyRow.Columns}
        """;

    const string SelfSql = $"""
        update accounts.api_key set {RotatingSecret.Taken}
        where key_id = @Id and user_id = @User and {RotatingSecret.MayBeTaken}
        returning {ApiKeyRow.Columns}
        """;

    static readonly ListApiKeys.Key Rotated = ListApiKeys.Example with { PreviousUntil = new(2026, 3, 15, 9, 30, 0, TimeSpan.Zero) };

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/api-keys/{id:guid}/rotate", Handle)
            .WithName("Accounts_RotateApiKey")
            .WithSummary("Gives a key a new secret; the present one works for a while longer. The new secret is in this answer and nowhere else.")
            .WithExample(new Request(), new CreateApiKey.Response(Rotated, CreateApiKey.ExampleSecret))
            .RequireAuthorization(Policies.SignedIn)
            .RequireOwnHands()
            .RequireRecentProof();
        routes.MapPost("/api-keys/self/rotate", SelfAsync)
            .WithName("Accounts_RotateOwnApiKey")
            .WithSummary("Hands a program its key's next secret, once, while a planned rotation is due. It is asked for with the secret that is about to end.")
            .WithExample(response: new CreateApiKey.Response(Rotated, CreateApiKey.ExampleSecret))
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn)
            .OpenToEveryKey();
    }

    static async Task<Results<Ok<CreateApiKey.Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, HttpContext context, Db db, IAudit audit, LiveApiKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        var (secret, row) = NewSecret(id, caller, clock.GetUtcNow(), request.OverlapHours, null);
        var rotated = await db.InTransactionAsync(
            async tx =>
            {
                if (await tx.FindAsync<ApiKeyRow>(Sql, row, cancel) is not { } key)
                    return null;
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.ApiKeyRotated, caller, context, [id], after: new { request.OverlapHours }), cancel);
                return key;
            },
            cancel);
        if (rotated is null)
            return KernelErrors.NotFound.ToProblem();
        await keys.ChangedAsync(id);
        return TypedResults.Ok(new CreateApiKey.Response(rotated.ToView(), secret));
    }

    static async Task<Results<Ok<CreateApiKey.Response>, ProblemHttpResult>> SelfAsync(
        Caller caller, HttpContext context, Db db, SecurityNotices notices, LiveApiKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        if (Credential.Of(context.User) != Credential.Key || BearerToken.Of(context.Request) is not { } presented)
            return KernelErrors.NotFound.ToProblem();
        var (secret, row) = NewSecret(caller.SessionId, caller, clock.GetUtcNow(), 0, presented.Hash.ToArray());
        var rotated = await db.InTransactionAsync(
            async tx =>
            {
                if (await tx.FindAsync<ApiKeyRow>(SelfSql, row, cancel) is not { } key)
                    return null;
                var entry = AuditEntry.Of(AuditAct.ApiKeyRotated, caller, context, [caller.SessionId], after: new { Planned = true });
                await notices.TellAsync(tx, entry, caller.UserId, AccountLetter.ApiKeyRotated, "/settings/keys", cancel, key.Hint);
                return key;
            },
            cancel);
        if (rotated is null)
            return AccountsErrors.RotationNotDue.ToProblem();
        await keys.ChangedAsync(caller.SessionId);
        return TypedResults.Ok(new CreateApiKey.Response(rotated.ToView(), secret));
    }

    static (string Secret, object Row) NewSecret(Guid id, Caller caller, DateTimeOffset now, int overlapHours, byte[]? presented)
    {
        var secret = BearerToken.New(BearerToken.ApiKey);
        return (secret, new
        {
            Id = id,
            User = caller.UserId,
            Hash = BearerToken.HashOf(BearerToken.ApiKey, secret)!.Value.ToArray(),
            Hint = BearerToken.Hint(secret),
            Until = now.AddHours(overlapHours),
            Now = now,
            Presented = presented,
        });
    }
}
