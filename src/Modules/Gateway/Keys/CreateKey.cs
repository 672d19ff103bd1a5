using System.ComponentModel.DataAnnotations;
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

namespace JeanTrail.Gateway.Keys;

internal static class CreateKey
{
    /// <param name="Surfaces">Such as <c>chat</c>, or <c>*</c> for all.</param>
    /// <param name="Models">Names, beginnings such as <c>provider/*</c>, or <c>*</c>.</param>
    /// <param name="ExpiresAt">Null: it works until it is revoked.</param>
    /// <param name="RotateEveryDays">How often a new secret comes due by itself; null for never.</param>
    /// <param name="OverlapHours">How long the secret before works then, during which the program takes the new one.</param>
    public sealed record Request(
        [Required, StringLength(KeyRules.MaxName, MinimumLength = 1)] string Name,
        [Required, MinLength(1), MaxLength(KeyRules.MaxPatterns)] IReadOnlyList<string> Surfaces,
        [Required, MinLength(1), MaxLength(KeyRules.MaxPatterns)] IReadOnlyList<string> Models,
        DateTimeOffset? ExpiresAt = null,
        [Range(1, RotatingSecret.MaxEveryDays)] int? RotateEveryDays = null,
        [Range(1, RotatingSecret.MaxOverlapHours)] int OverlapHours = RotatingSecret.DefaultOverlapHours);

    /// <param name="Secret">To be sent as <c>Authorization: Bearer …</c>. It cannot be shown again.</param>
    public sealed record Response(ListKeys.Key Key, string Secret)
    {
        public override string ToString() => Key.Name;
    }

    internal const string ExampleSecret = "jt-example0example0example0example0examplex4Qk";

    const string Sql = $"""
        insert into gateway.virtual_key (key_id, user_id, name, secret_hash, hint, surfaces, models, created_at, expires_at, rotate_every_days, overlap_hours, rotate_at)
        select @Id, @User, @Name, @Hash, @Hint, @Surfaces::text[], @Models::text[], @Now::timestamptz, @ExpiresAt::timestamptz,
               @RotateEveryDays::int, @OverlapHours, @RotateAt::timestamptz
        where (select count(*) from gateway.virtual_key where user_id = @User and revoked_at is null) < @Max::int
        returning {KeyRow.Columns}
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/keys", Handle)
            .WithName("Gateway_CreateKey")
            .WithSummary("Makes a virtual key for the person's own programs. The secret is in this answer and nowhere else.")
            .WithExample(
                new Request(ListKeys.Example.Name, ListKeys.Example.Surfaces, ListKeys.Example.Models, ListKeys.Example.ExpiresAt, 90),
                new Response(ListKeys.Example with { LastUsedAt = null }, ExampleSecret))
            .RequireAuthorization(Policies.SignedIn)
            .RequireOwnHands()
            .RequireRecentProof();

    static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext context, Db db, IAudit audit, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (KeyRules.Check(request.Name, request.Surfaces, request.Models, request.ExpiresAt, now) is { } invalid)
            return invalid.ToProblem();
        var secret = KeySecret.New();
        var row = new
        {
            Id = Ids.New(clock),
            User = caller.UserId,
            Name = request.Name.Trim(),
            Hash = KeySecret.HashOf(secret)!.Value.ToArray(),
            Hint = KeySecret.Hint(secret),
            Surfaces = request.Surfaces.ToArray(),
            Models = request.Models.ToArray(),
            Now = now,
            request.ExpiresAt,
            request.RotateEveryDays,
            request.OverlapHours,
            RotateAt = RotatingSecret.FirstAt(now, request.RotateEveryDays),
            Max = KeyRules.MaxKeys,
        };
        var stored = await db.InTransactionAsync(
            async tx =>
            {
                if (await tx.FindAsync<KeyRow>(Sql, row, cancel) is not { } made)
                    return null;
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.VirtualKeyCreated, caller, context, [row.Id], after: new { row.ExpiresAt }), cancel);
                return made;
            },
            cancel);
        if (stored is not { } created)
            return GatewayErrors.TooManyKeys.ToProblem();
        return TypedResults.Created($"/api/gateway/keys/{created.KeyId}", new Response(created.ToView(), secret));
    }
}
