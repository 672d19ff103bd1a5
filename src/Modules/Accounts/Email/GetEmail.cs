using JeanTrail.Accounts.Sessions;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Email;

internal static class GetEmail
{
    /// <param name="VerifiedAt">When the person showed that they read it, or null.</param>
    /// <param name="ChangingTo">The address that is yet to be confirmed, or null.</param>
    public sealed record Response(string Email, DateTimeOffset? VerifiedAt, string? ChangingTo);

    const string Sql = """
        select u.email, u.email_verified_at as verified_at, p.email as changing_to
        from accounts.user u left join accounts.proof p
          on p.user_id = u.user_id and p.purpose = 'email-change' and p.used_at is null and p.expires_at > @Now
        where u.user_id = @User
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/email", Handle)
            .WithName("Accounts_GetEmail")
            .WithSummary("The person's e-mail address, and whether it is confirmed or about to change.")
            .WithExample(response: new Response(GetSession.Example.User.Email, GetSession.Example.User.CreatedAt, "olga@example.com"))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
        => await db.FindAsync<Response>(Sql, new { User = caller.UserId, Now = clock.GetUtcNow() }, cancel) is { } found
            ? TypedResults.Ok(found)
            : KernelErrors.NotFound.ToProblem();
}
