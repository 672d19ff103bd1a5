using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Passkeys;

internal static class RenamePasskey
{
    public sealed record Request([Required, StringLength(AddPasskey.MaxName, MinimumLength = 1)] string Name);

    const string Sql = "update accounts.passkey set name = @Name where passkey_id = @Id and user_id = @User";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/passkeys/{id:guid}", Handle)
            .WithName("Accounts_RenamePasskey")
            .WithSummary("Gives one of the person's passkeys another name.")
            .WithExample(new Request(ListPasskeys.Example.Name))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Request request, Caller caller, Db db, CancellationToken cancel)
        => await db.ExecuteAsync(Sql, new { Id = id, User = caller.UserId, Name = request.Name.Trim() }, cancel) == 1
            ? TypedResults.NoContent()
            : KernelErrors.NotFound.ToProblem();
}
