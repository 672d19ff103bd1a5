using System.ComponentModel.DataAnnotations;
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

internal static class CreateRoute
{
    /// <param name="Name">What callers will ask for: letters, digits and <c>. _ : / -</c>.</param>
    public sealed record Request(
        [Required, StringLength(RouteValidation.MaxName, MinimumLength = 1), RegularExpression(RouteValidation.NamePattern)] string Name,
        [Required] RouteDefinition Definition,
        bool Enabled = true);

    const string Sql = $"""
        insert into gateway.route (route_id, name, enabled, definition, created_at, updated_at)
        values (@Id, @Name, @Enabled, @Definition::jsonb, @Now, @Now)
        returning {RouteDirectory.Columns}
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/routes", Handle)
            .WithName("Gateway_CreateRoute")
            .WithSummary("Makes a public model name that stands for one of several models. It can be asked for at once.")
            .WithExample(new Request(ListRoutes.Example.Name, ListRoutes.Example.Definition), ListRoutes.Example with { Version = 1 })
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Created<ListRoutes.Item>, ProblemHttpResult>> Handle(
        Request request, Db db, RouteDirectory directory, RouteChecks checks, TimeProvider clock, CancellationToken cancel)
    {
        if (await checks.ErrorAsync(request.Name, request.Definition, cancel) is { } invalid)
            return invalid.ToProblem();
        try
        {
            var row = new { Id = Ids.New(clock), request.Name, request.Enabled, Definition = RouteDirectory.Write(request.Definition), Now = clock.GetUtcNow() };
            var created = (await db.FindAsync<RouteDirectory.Row>(Sql, row, cancel))!;
            await directory.InvalidateAsync(CancellationToken.None);
            return TypedResults.Created($"/api/gateway/routes/{created.RouteId}", await checks.ViewAsync(created.ToEntry(), cancel));
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: RouteDirectory.NameConstraint })
        {
            return GatewayErrors.RouteNameTaken.ToProblem();
        }
    }
}
