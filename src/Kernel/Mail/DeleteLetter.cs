using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Kernel.Mail;

internal static class DeleteLetter
{
    const string Sql = "delete from kernel.mail where mail_id = @Id";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/outbox/{id:guid}", Handle)
            .WithName("Mail_DeleteLetter")
            .WithSummary("Removes a letter; one that waits is not sent any more.")
            .RequireAuthorization(Policies.Owner)
            .RequireRecentProof();

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Db db, CancellationToken cancel)
        => await db.ExecuteAsync(Sql, new { Id = id }, cancel) == 1 ? TypedResults.NoContent() : KernelErrors.NotFound.ToProblem();
}
