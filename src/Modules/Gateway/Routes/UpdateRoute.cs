using System.ComponentModel.DataAnnotations;
using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace JeanTrail.Gateway.Routes;

internal static class UpdateRoute
{
    /// <param name="Version">That the change is made to.</param>
    public sealed record Request(
        [Required, StringLength(RouteValidation.MaxName, MinimumLength = 1), RegularExpression(RouteValidation.NamePattern)] string Name,
        [Required] RouteDefinition Definition,
        [Range(1, int.MaxValue)] int Version,
        bool Enabled = true);

    const string LockSql = "select name from gateway.route where route_id = @Id for update";

    const string Sql = $"""
        update gateway.route set name = @Name, enabled = @Enabled, definition = @Definition::jsonb, version = version + 1, updated_at = @Now
        where route_id = @Id and version = @Version
        returning {RouteDirectory.Columns}
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/routes/{id:guid}", Handle)
            .WithName("Gateway_UpdateRoute")
            .WithSummary("Changes a route, for all calls from now on. Whose default it is keeps it under its new name.")
            .WithExample(new Request(ListRoutes.Example.Name, ListRoutes.Example.Definition, Version: 2), ListRoutes.Example)
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<ListRoutes.Item>, ProblemHttpResult>> Handle(
        Guid id, Request request, Db db, RouteDirectory directory, RouteChecks checks, DefaultModels defaults, TimeProvider clock, CancellationToken cancel)
    {
        if (await checks.ErrorAsync(request.Name, request.Definition, cancel) is { } invalid)
            return invalid.ToProblem();
        var row = new { Id = id, request.Name, request.Enabled, Definition = RouteDirectory.Write(request.Definition), request.Version, Now = clock.GetUtcNow() };
        try
        {
            var (changed, moved, error) = await db.InTransactionAsync<(RouteDirectory.Row?, IReadOnlyList<UserId>, Error?)>(
                async tx =>
                {
                    if (await tx.FindAsync<string>(LockSql, new { Id = id }, cancel) is not { } before)
                        return (null, [], KernelErrors.NotFound);
                    if (await tx.FindAsync<RouteDirectory.Row>(Sql, row, cancel) is not { } updated)
                        return (null, [], GatewayErrors.RouteChanged);
                    return (updated, before == request.Name ? [] : await DefaultModels.RenameAsync(tx, before, request.Name, cancel), null);
                },
                cancel);
            if (changed is null)
                return error!.ToProblem();
            await directory.InvalidateAsync(CancellationToken.None);
            await defaults.InvalidateAsync(moved, CancellationToken.None);
            return TypedResults.Ok(await checks.ViewAsync(changed.ToEntry(), cancel));
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: RouteDirectory.NameConstraint })
        {
            return GatewayErrors.RouteNameTaken.ToProblem();
        }
    }
}
