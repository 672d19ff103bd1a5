using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Routes;

internal static class GetRoute
{
    const string Sql = $"select {RouteDirectory.Columns} from gateway.route where route_id = @Id";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/routes/{id:guid}", Handle)
            .WithName("Gateway_GetRoute")
            .WithSummary("Shows a route.")
            .WithExample(response: ListRoutes.Example)
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<ListRoutes.Item>, ProblemHttpResult>> Handle(Guid id, Db db, RouteChecks checks, CancellationToken cancel)
        => await db.FindAsync<RouteDirectory.Row>(Sql, new { Id = id }, cancel) is { } row
            ? TypedResults.Ok(await checks.ViewAsync(row.ToEntry(), cancel))
            : KernelErrors.NotFound.ToProblem();
}
