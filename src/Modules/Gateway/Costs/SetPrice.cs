using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace JeanTrail.Gateway.Costs;

internal static class SetPrice
{
    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/prices", Handle)
            .WithName("Gateway_SetPrice")
            .WithSummary("Sets what a pattern's models cost from a moment on, as a new version; with ended, takes its price away. What calls cost before stays as it was reckoned.")
            .WithExample(
                new PriceLines.Line(ListPrices.Example.Pattern, ListPrices.Example.InputMicros, ListPrices.Example.OutputMicros, ListPrices.Example.CachedInputMicros),
                ListPrices.Example)
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<ListPrices.Item>, ProblemHttpResult>> Handle(
        PriceLines.Line request, Db db, PriceBook prices, TimeProvider clock, CancellationToken cancel)
    {
        if (PriceLines.Check(request) is { } invalid)
            return invalid.ToProblem();
        try
        {
            if (await PriceLines.AddAsync(db, request, clock, cancel) is not { } row)
                return GatewayErrors.PriceUnchanged.ToProblem();
            await prices.ChangedAsync(CancellationToken.None);
            return TypedResults.Ok(ListPrices.ToView(row, !row.Ended && row.ValidFrom <= clock.GetUtcNow()));
        }
        catch (PostgresException crossed) when (crossed is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "price_version" })
        {
            return GatewayErrors.ChangedMeanwhile.ToProblem();
        }
    }
}
