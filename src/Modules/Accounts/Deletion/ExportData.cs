using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Privacy;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Deletion;

internal static class ExportData
{
    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/export", Handle)
            .WithName("Accounts_ExportData")
            .WithSummary("Hands the person all that is kept about them: a ZIP with a JSON file for each table.")
            .Produces(StatusCodes.Status200OK, contentType: "application/zip")
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();

    static PushStreamHttpResult Handle(Caller caller, IPersonRecords records, HttpContext context)
        => TypedResults.Stream(
            target => records.ExportAsync(caller.UserId, target, context.RequestAborted), "application/zip", "jeantrail-data.zip");
}
