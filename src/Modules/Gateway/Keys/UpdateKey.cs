using System.ComponentModel.DataAnnotations;
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

internal static class UpdateKey
{
    /// <param name="Version">Of the key as it was read; the change is refused when another came between.</param>
    /// <param name="RotateEveryDays">How often a new secret comes due by itself; null for never, which also calls off one that is due.</param>
    public sealed record Request(
        [Required, StringLength(KeyRules.MaxName, MinimumLength = 1)] string Name,
        [Required, MinLength(1), MaxLength(KeyRules.MaxPatterns)] IReadOnlyList<string> Surfaces,
        [Required, MinLength(1), MaxLength(KeyRules.MaxPatterns)] IReadOnlyList<string> Models,
        DateTimeOffset? ExpiresAt,
        int Version,
        [Range(1, RotatingSecret.MaxEveryDays)] int? RotateEveryDays = null,
        [Range(1, RotatingSecret.MaxOverlapHours)] int OverlapHours = RotatingSecret.DefaultOverlapHours);

    const string Sql = $"""
        update gateway.virtual_key set
            name = @Name, surfaces = @Surfaces::text[], models = @Models::text[], expires_at = @ExpiresAt, version = version + 1,
            rotate_every_days = @RotateEveryDays, overlap_hours = @OverlapHours,
            rotate_at = case when rotate_every_days is distinct from @RotateEveryDays::int then @RotateAt::timestamptz else rotate_at end,
            secret_until = case when @RotateEveryDays::int is not null then secret_until end
        where key_id = @Id and (@All or user_id = @User) and revoked_at is null and version = @Version
        returning {KeyRow.Columns}
        """;

    const string ExistsSql = "select 1 from gateway.virtual_key where key_id = @Id and (@All or user_id = @User) and revoked_at is null";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/keys/{id:guid}", Handle)
            .WithName("Gateway_UpdateKey")
            .WithSummary("Changes a key's name, what it may use and when it ends. Its secret stays.")
            .WithExample(
                new Request(ListKeys.Example.Name, ListKeys.Example.Surfaces, ListKeys.Example.Models, ListKeys.Example.ExpiresAt, ListKeys.Example.Version, 90),
                ListKeys.Example with { Version = 2 })
            .RequireAuthorization(Policies.SignedIn)
            .ReachesAllWith(Permissions.GatewayWatch);

    static async Task<Results<Ok<ListKeys.Key>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, KeyRing keys, TimeProvider clock, CancellationToken cancel)
    {
        if (KeyRules.Check(request.Name, request.Surfaces, request.Models, request.ExpiresAt, clock.GetUtcNow()) is { } invalid)
            return invalid.ToProblem();
        var row = new
        {
            Id = id,
            All = caller.IsOwner(),
            User = caller.UserId,
            Name = request.Name.Trim(),
            Surfaces = request.Surfaces.ToArray(),
            Models = request.Models.ToArray(),
            request.ExpiresAt,
            request.RotateEveryDays,
            request.OverlapHours,
            RotateAt = RotatingSecret.FirstAt(clock.GetUtcNow(), request.RotateEveryDays),
            request.Version,
        };
        if (await db.FindAsync<KeyRow>(Sql, row, cancel) is { } changed)
        {
            await keys.InvalidateAsync(id, CancellationToken.None);
            return TypedResults.Ok(changed.ToView());
        }

        return await db.FindAsync<int?>(ExistsSql, row, cancel) is null ? KernelErrors.NotFound.ToProblem() : GatewayErrors.ChangedMeanwhile.ToProblem();
    }
}
