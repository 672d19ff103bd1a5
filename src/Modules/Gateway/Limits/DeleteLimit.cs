using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Limits;

internal static class DeleteLimit
{
    const string Sql = "delete from gateway.limit where limit_id = @Id";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/limits/{id:guid}", Handle)
            .WithName("Gateway_DeleteLimit")
            .WithSummary("Removes a limit, and what was counted under it.")
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Db db, LimitBook book, CancellationToken cancel)
    {
        if (await db.ExecuteAsync(Sql, new { Id = id }, cancel) == 0)
            return KernelErrors.NotFound.ToProblem();
        await book.ChangedAsync(CancellationToken.None);
        return TypedResults.NoContent();
    }
}
