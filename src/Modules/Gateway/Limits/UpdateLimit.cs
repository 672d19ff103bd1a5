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

namespace JeanTrail.Gateway.Limits;

internal static class UpdateLimit
{
    /// <param name="Version">Of the limit as it was read; the change is refused when another came between.</param>
    public sealed record Request(
        [Range(0, CreateLimit.MostAmount)] long Amount,
        [Required, RegularExpression("^(stop|warn)$")] string Action,
        int Version);

    const string Sql = "update gateway.limit set amount = @Amount, action = @Action, version = version + 1 where limit_id = @Id and version = @Version";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/limits/{id:guid}", Handle)
            .WithName("Gateway_UpdateLimit")
            .WithSummary("Changes how much a limit allows and what it does. What was spent stays spent; what nodes already hold they may still spend.")
            .WithExample(new Request(8_000_000, "stop", 1), ListLimits.Example with { Amount = 8_000_000, Version = 2 })
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<ListLimits.Item>, ProblemHttpResult>> Handle(
        Guid id, Request request, Db db, LimitBook book, ListLimits.Reader limits, CancellationToken cancel)
    {
        try
        {
            var changed = await db.ExecuteAsync(Sql, new { Id = id, request.Amount, request.Action, request.Version }, cancel) == 1;
            if (changed)
                await book.ChangedAsync(CancellationToken.None);
            if (await limits.ReadAsync(id, cancel) is not [var limit])
                return KernelErrors.NotFound.ToProblem();
            return changed ? TypedResults.Ok(limit) : GatewayErrors.ChangedMeanwhile.ToProblem();
        }
        catch (PostgresException refused) when (refused is { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: "limit_of_streams" })
        {
            return GatewayErrors.Field("action", "A limit of calls at the same time can only stop.").ToProblem();
        }
    }
}
