using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Passkeys;

internal static class BeginPasskey
{
    const string FindSql = "select email, display_name from accounts.user where user_id = @User";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/passkeys/options", Handle)
            .WithName("Accounts_BeginPasskey")
            .WithSummary("Makes the challenge for a new passkey.")
            .WithExample(response: PasskeyOptions.ExampleForCreation)
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();

    static async Task<Results<Ok<PasskeyOptions.Response>, ProblemHttpResult>> Handle(
        Caller caller, HttpContext context, PasskeyAuthority authority, Db db, CancellationToken cancel)
        => await db.FindAsync<Person>(FindSql, new { User = caller.UserId }, cancel) is { } person
            ? TypedResults.Ok(await authority.BeginAddAsync(caller.UserId, person.Email, person.DisplayName, context, cancel))
            : KernelErrors.NotFound.ToProblem();

    sealed record Person(string Email, string DisplayName);
}
