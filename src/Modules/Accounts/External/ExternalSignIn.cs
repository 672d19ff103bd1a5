using JeanTrail.Accounts.Ceremonies;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.External;

/// <summary>Signing in at an identity provider.</summary>
internal static class ExternalSignIn
{
    const string FindSql = "select user_id from accounts.external_identity where provider_id = @Provider and subject = @Subject";

    // The connection and the provider must still be there, and the person may not be suspended.
    const string UseSql = """
        update accounts.external_identity i set last_used_at = @Now from accounts.identity_provider p, accounts.user u
        where i.provider_id = @Provider and i.subject = @Subject and i.user_id = @User
          and p.provider_id = i.provider_id and p.enabled and u.user_id = i.user_id and u.disabled_at is null
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/external/{id:guid}/sign-in", Begin)
            .WithName("Accounts_BeginExternalSignIn")
            .WithSummary("Begins to sign in at an identity provider. The page it sends the browser back to finishes it.")
            .WithExample(response: ExternalFlow.ExampleBegun)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();
        routes.MapPost("/external/sign-in", Finish)
            .WithName("Accounts_FinishExternalSignIn")
            .WithSummary("Opens a session for whom the identity provider named; with a second factor turned on, a ticket to it. Makes an account where sign-up is open.")
            .WithExample(ExternalFlow.ExampleAnswer, GetSession.Example)
            .WithFurtherExample(StatusCodes.Status202Accepted, SecondFactor.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();
    }

    static async Task<Results<Ok<ExternalFlow.Begun>, ProblemHttpResult>> Begin(Guid id, HttpContext context, ExternalFlow flow, CancellationToken cancel)
        => (await flow.BeginAsync(Ceremony.ExternalSignIn, id, user: null, context, cancel)).TryGet(out var begun, out var error) ? TypedResults.Ok(begun) : error.ToProblem();

    static async Task<Results<Ok<GetSession.Session>, Accepted<SecondFactor.Needed>, ProblemHttpResult>> Finish(
        ExternalFlow.Answer answer, HttpContext context, ExternalDoor door, SignInAnswers answers, CancellationToken cancel)
        => await answers.ForAsync(await door.OpenAsync(answer, context, cancel), cancel);

    internal sealed class ExternalDoor(Db db, ExternalFlow flow, ExternalSignUp signUp, Entrance entrance, TimeProvider clock)
    {
        internal async Task<Result<Entry>> OpenAsync(ExternalFlow.Answer answer, HttpContext context, CancellationToken cancel)
        {
            if (!(await flow.FinishAsync(Ceremony.ExternalSignIn, user: null, answer, context, cancel)).TryGet(out var person, out var error))
                return error;
            var identity = new { Provider = answer.ProviderId, person.Subject };
            if (await db.FindAsync<UserId?>(FindSql, identity, cancel) is not { } user)
                return await signUp.MakeAsync(answer.ProviderId, person, answer.Locale, context, cancel);
            var use = new { identity.Provider, identity.Subject, User = user, Now = clock.GetUtcNow() };
            var entered = await entrance.EnterAsync(user, async tx => await tx.ExecuteAsync(UseSql, use, cancel) == 1, context, cancel);
            return entered is null ? AccountsErrors.ExternalRefused : entered;
        }
    }
}
