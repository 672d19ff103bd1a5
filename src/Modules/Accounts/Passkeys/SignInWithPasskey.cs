using JeanTrail.Accounts.Ceremonies;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Passkeys;

internal static class SignInWithPasskey
{
    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/sign-in/passkey", Handle)
            .WithName("Accounts_SignInWithPasskey")
            .WithSummary("Opens a session with a passkey. It counts as both factors: the authenticator verified the person.")
            .WithExample(PasskeyAnswer.Example, GetSession.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Results<Ok<GetSession.Session>, ProblemHttpResult>> Handle(
        PasskeyAnswer.Request request, HttpContext context, PasskeyDoor door, SignInAnswers answers, CancellationToken cancel)
        => await answers.OpenedAsync(await door.OpenAsync(request, context, cancel), cancel);

    internal sealed class PasskeyDoor(PasskeyAuthority authority, PasskeyUses uses, Entrance entrance)
    {
        internal async Task<Result<Entered>> OpenAsync(PasskeyAnswer.Request request, HttpContext context, CancellationToken cancel)
        {
            var verified = await authority.FinishUseAsync(Ceremony.PasskeySignIn, user: null, request, context, cancel);
            if (!verified.TryGet(out var used, out var refused))
                return refused;
            if (await entrance.FinishAsync(used.User, tx => uses.UseAsync(tx, used, cancel), context, cancel) is { } entered)
                return entered;
            await uses.RecordRefusalAsync(used, context, cancel);
            return AccountsErrors.PasskeyRefused;
        }
    }
}
