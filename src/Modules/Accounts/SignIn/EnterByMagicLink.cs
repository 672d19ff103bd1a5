using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Proofs;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.SignIn;

internal static class EnterByMagicLink
{
    /// <param name="Token">From the letter.</param>
    public sealed record Request([Required, StringLength(100)] string Token);

    // Who reads the mailbox has shown that it is theirs.
    const string StillSql = """
        update accounts.user set email_verified_at = coalesce(email_verified_at, @Now)
        where user_id = @User and disabled_at is null
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/magic-link/enter", Handle)
            .WithName("Accounts_EnterByMagicLink")
            .WithSummary("Opens a session with the token of a letter, once; with a second factor turned on, a ticket to it.")
            .WithExample(new Request(ProofExamples.Token), GetSession.Example)
            .WithFurtherExample(StatusCodes.Status202Accepted, SecondFactor.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Ok<GetSession.Session>, Accepted<SecondFactor.Needed>, ProblemHttpResult>> Handle(
        Request request, HttpContext context, LinkDoor door, SignInAnswers answers, CancellationToken cancel)
        => await answers.ForAsync(await door.OpenAsync(request.Token, context, cancel), cancel);

    internal sealed class LinkDoor(ProofDoor door, ProofStore proofs, Entrance entrance, TimeProvider clock)
    {
        internal async Task<Result<Entry>> OpenAsync(string token, HttpContext context, CancellationToken cancel)
        {
            var looked = await door.LookAsync(Purpose.Magic, token, context, cancel);
            if (!looked.TryGet(out var proof, out var refused))
                return refused;
            if (proof.UserId is not { } user)
                return AccountsErrors.LinkInvalid;
            var entered = await entrance.EnterAsync(user, tx => StillAsync(tx, user, token, cancel), context, cancel);
            return entered is null ? AccountsErrors.LinkInvalid : entered;
        }

        async Task<bool> StillAsync(Tx tx, UserId user, string token, CancellationToken cancel)
            => await proofs.UseAsync(tx, Purpose.Magic, token, cancel) is not null
                && await tx.ExecuteAsync(StillSql, new { User = user, Now = clock.GetUtcNow() }, cancel) == 1;
    }
}
