using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Users;
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

internal static class CreateApiKey
{
    internal const int MaxName = 60;

    /// <summary>Keys of one person that are not revoked.</summary>
    internal const int MaxKeys = 50;

    /// <param name="Scopes">Names from the list of scopes.</param>
    /// <param name="ExpiresAt">Null: it works until it is revoked.</param>
    /// <param name="RotateEveryDays">How often a new secret comes due by itself; null for never.</param>
    /// <param name="OverlapHours">How long the secret before works then, during which the program takes the new one.</param>
    public sealed record Request(
        [Required, StringLength(MaxName, MinimumLength = 1)] string Name,
        [Required, MinLength(1), MaxLength(50)] IReadOnlyList<string> Scopes,
        DateTimeOffset? ExpiresAt = null,
        [Range(1, RotatingSecret.MaxEveryDays)] int? RotateEveryDays = null,
        [Range(1, RotatingSecret.MaxOverlapHours)] int OverlapHours = RotatingSecret.DefaultOverlapHours);

    /// <param name="Secret">To be sent as <c>Authorization: Bearer …</c>. It cannot be shown again.</param>
    public sealed record Response(ListApiKeys.Key Key, string Secret)
    {
        public override string ToString() => Key.Name;
    }

    internal const string ExampleSecret = "jt_pat_EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0EXAMPLE0EXA";

    const string InsertSql = $"""
        insert into accounts.api_key (key_id, user_id, name, hint, scopes, secret_hash, rotate_every_days, overlap_hours, rotate_at, created_at, expires_at)
        select @Id, @User, @Name, @Hint, @Scopes::text[], @Hash, @RotateEveryDays::int, @OverlapHours, @RotateAt::timestamptz, @Now::timestamptz, @ExpiresAt::timestamptz
        where (select count(*) from accounts.api_key where user_id = @User and revoked_at is null) < @Max::int
        returning {ApiKeyRow.Columns}
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/api-keys", Handle)
            .WithName("Accounts_CreateApiKey")
            .WithSummary("Makes a personal API key for the person's own programs. The secret is in this answer and nowhere else.")
            .WithExample(
                new Request(ListApiKeys.Example.Name, ListApiKeys.Example.Scopes, ListApiKeys.Example.ExpiresAt, 90),
                new Response(ListApiKeys.Example with { LastUsedAt = null, LastAddress = null }, ExampleSecret))
            .RequireAuthorization(Policies.SignedIn)
            .RequireOwnHands()
            .RequireRecentProof();

    static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext context, Db db, IAudit audit, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (Check(request, now) is { } invalid)
            return invalid.ToProblem();
        var secret = BearerToken.New(BearerToken.ApiKey);
        var row = new
        {
            Id = Ids.New(clock),
            User = caller.UserId,
            Name = request.Name.Trim(),
            Hint = BearerToken.Hint(secret),
            Scopes = request.Scopes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray(),
            Hash = BearerToken.HashOf(BearerToken.ApiKey, secret)!.Value.ToArray(),
            request.RotateEveryDays,
            request.OverlapHours,
            RotateAt = RotatingSecret.FirstAt(now, request.RotateEveryDays),
            Now = now,
            request.ExpiresAt,
            Max = MaxKeys,
        };
        var created = await db.InTransactionAsync(
            async tx =>
            {
                // Of two requests at once neither goes over the limit.
                await UserLock.TakeAsync(tx, caller.UserId, cancel);
                if (await tx.FindAsync<ApiKeyRow>(InsertSql, row, cancel) is not { } stored)
                    return null;
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.ApiKeyCreated, caller, context, [row.Id], after: new { row.Scopes, row.ExpiresAt }), cancel);
                return stored;
            },
            cancel);
        return created is null
            ? AccountsErrors.TooManyApiKeys.ToProblem()
            : TypedResults.Created("/api/accounts/api-keys", new Response(created.ToView(), secret));
    }

    static Error? Check(Request request, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.Name))
            return AccountsErrors.ApiKeyInvalid("name", "A key needs a name, to tell it from others.");
        if (request.Scopes.FirstOrDefault(scope => !ApiScopes.Exists(scope)) is { } unknown)
            return AccountsErrors.ApiKeyInvalid("scopes", $"'{unknown}' is none of: {string.Join(' ', ApiScopes.All.Select(scope => scope.Name))}.");
        return request.ExpiresAt <= now ? AccountsErrors.ApiKeyInvalid("expiresAt", "This is in the past.") : null;
    }
}
