using JeanTrail.Accounts.Ceremonies;
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

namespace JeanTrail.Accounts.Passkeys;

/// <summary>The person proves anew who they are with one of their passkeys, for what asks for a <see cref="RecentProof"/>.</summary>
internal static class StepUpWithPasskey
{
    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/step-up/passkey/options", Begin)
            .WithName("Accounts_BeginPasskeyStepUp")
            .WithSummary("Makes the challenge for confirming with a passkey that it is still the person.")
            .WithExample(response: PasskeyOptions.ExampleForUse with { Options = PasskeyOptions.ExampleForUse.Options with { Credentials = [new(PasskeyAnswer.Example.Id, ["internal"])] } })
            .RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/step-up/passkey", Finish)
            .WithName("Accounts_StepUpWithPasskey")
            .WithSummary("Confirms with a passkey that it is still the person; holds for a quarter of an hour.")
            .WithExample(PasskeyAnswer.Example)
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);
    }

    static async Task<Ok<PasskeyOptions.Response>> Begin(Caller caller, HttpContext context, PasskeyAuthority authority, CancellationToken cancel)
        => TypedResults.Ok(await authority.BeginUseAsync(Ceremony.PasskeyStepUp, caller.UserId, context, cancel));

    static async Task<Results<NoContent, ProblemHttpResult>> Finish(
        PasskeyAnswer.Request request, Caller caller, HttpContext context, Proof proof, LiveSessions sessions, CancellationToken cancel)
    {
        if (await proof.ProveAsync(request, caller, context, cancel) is { } refused)
            return refused.ToProblem();
        await sessions.RereadAsync([caller.SessionId], CancellationToken.None);
        return TypedResults.NoContent();
    }

    internal sealed class Proof(Db db, PasskeyAuthority authority, PasskeyUses uses, TimeProvider clock)
    {
        internal async Task<Error?> ProveAsync(PasskeyAnswer.Request request, Caller caller, HttpContext context, CancellationToken cancel)
        {
            var verified = await authority.FinishUseAsync(Ceremony.PasskeyStepUp, caller.UserId, request, context, cancel);
            if (!verified.TryGet(out var used, out var refused))
                return refused;
            // The challenge was made for the person, and only passkeys of theirs answer it; this holds if that ever changes.
            var proved = used.User == caller.UserId && await db.InTransactionAsync(
                async tx => await uses.UseAsync(tx, used, cancel)
                    && await tx.ExecuteAsync(StepUp.ProvedSql, new { Id = caller.SessionId, User = caller.UserId, Now = clock.GetUtcNow(), SecondFactor = true }, cancel) == 1,
                cancel);
            if (proved)
                return null;
            await uses.RecordRefusalAsync(used, context, cancel);
            return AccountsErrors.PasskeyRefused;
        }
    }
}
