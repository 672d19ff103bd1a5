using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Routes;

internal static class DeleteRoute
{
    const string Sql = "delete from gateway.route where route_id = @Id returning name";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/routes/{id:guid}", Handle)
            .WithName("Gateway_DeleteRoute")
            .WithSummary("Removes a route. Whose default it was goes back to the built-in engine.")
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Db db, RouteDirectory directory, DefaultModels defaults, CancellationToken cancel)
    {
        var orphans = await db.InTransactionAsync(
            async tx => await tx.FindAsync<string>(Sql, new { Id = id }, cancel) is { } name
                ? await DefaultModels.ForgetModelAsync(tx, name, cancel)
                : null,
            cancel);
        if (orphans is null)
            return KernelErrors.NotFound.ToProblem();
        await directory.InvalidateAsync(CancellationToken.None);
        await defaults.InvalidateAsync(orphans, CancellationToken.None);
        return TypedResults.NoContent();
    }
}
