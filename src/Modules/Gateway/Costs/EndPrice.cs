using System.ComponentModel.DataAnnotations;
using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Costs;

internal static class EndPrice
{
    const string Sql = "select exists (select from gateway.price where pattern = @Pattern)";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/prices", Handle)
            .WithName("Gateway_EndPrice")
            .WithSummary("Ends a pattern's price, now or later. Its history stays; a less specific pattern counts from then on.")
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        [Required, StringLength(ModelName.MaxLength)] string pattern, Db db, PriceBook prices, TimeProvider clock, CancellationToken cancel, DateTimeOffset? from = null)
    {
        if (!await db.FindAsync<bool>(Sql, new { Pattern = pattern }, cancel))
            return KernelErrors.NotFound.ToProblem();
        await PriceLines.AddAsync(db, new PriceLines.Line(pattern, 0, 0, ValidFrom: from, Ended: true), clock, cancel);
        await prices.ChangedAsync(CancellationToken.None);
        return TypedResults.NoContent();
    }
}
