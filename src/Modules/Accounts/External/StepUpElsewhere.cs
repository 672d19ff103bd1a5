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
using Microsoft.Extensions.Logging;

namespace JeanTrail.Accounts.External;

/// <summary>
/// People who have nothing here to confirm with, neither password nor passkey nor second factor, prove anew who they are where they sign in, for what
/// asks for a <see cref="RecentProof"/>. Nobody else may: a provider must not stand in for what a person has here.
/// </summary>
internal static partial class StepUpElsewhere
{
    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/step-up/external/{id:guid}", Begin)
            .WithName("Accounts_BeginExternalStepUp")
            .WithSummary("Sends the person to their identity provider, which asks them to sign in anew, to confirm that it is still them.")
            .WithExample(response: ExternalFlow.ExampleBegun)
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/step-up/external", Finish)
            .WithName("Accounts_FinishExternalStepUp")
            .WithSummary("Confirms that it is still the person, by a sign-in at their identity provider after it began; holds for a quarter of an hour.")
            .WithExample(ExternalFlow.ExampleAnswer)
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);
    }

    static async Task<Results<Ok<ExternalFlow.Begun>, ProblemHttpResult>> Begin(Guid id, Caller caller, HttpContext context, Proof proof, CancellationToken cancel)
        => (await proof.BeginAsync(id, caller, context, cancel)).TryGet(out var begun, out var error) ? TypedResults.Ok(begun) : error.ToProblem();

    static async Task<Results<NoContent, ProblemHttpResult>> Finish(
        ExternalFlow.Answer answer, Caller caller, HttpContext context, Proof proof, LiveSessions sessions, CancellationToken cancel)
    {
        if (await proof.ProveAsync(answer, caller, context, cancel) is { } refused)
            return refused.ToProblem();
        await sessions.RereadAsync([caller.SessionId], CancellationToken.None);
        return TypedResults.NoContent();
    }

    internal sealed partial class Proof(Db db, ExternalFlow flow, TimeProvider clock, ILogger<Proof> logger)
    {
        const string NothingElse = """
            not exists (select from accounts.user u where u.user_id = @User and (u.password_hash is not null or u.disabled_at is not null))
              and not exists (select from accounts.passkey p where p.user_id = @User)
              and not exists (select from accounts.totp t where t.user_id = @User and t.confirmed_at is not null)
            """;

        const string WaySql = $"""
            select p.kind, {NothingElse} as nothing_else
            from accounts.external_identity i join accounts.identity_provider p on p.provider_id = i.provider_id
            where i.user_id = @User and p.provider_id = @Provider and p.enabled
            """;

        // What the person gained or lost while they were away counts.
        const string UseSql = $"""
            update accounts.external_identity i set last_used_at = @Now from accounts.identity_provider p
            where i.provider_id = @Provider and i.subject = @Subject and i.user_id = @User and p.provider_id = i.provider_id and p.enabled and {NothingElse}
            """;

        internal async Task<Result<ExternalFlow.Begun>> BeginAsync(Guid provider, Caller caller, HttpContext context, CancellationToken cancel)
        {
            if (await db.FindAsync<Way>(WaySql, new { Provider = provider, User = caller.UserId }, cancel) is not { } way)
                return KernelErrors.NotFound;
            if (!way.NothingElse)
                return AccountsErrors.StepUpOtherwise;
            if (!ProviderKinds.Proves(way.Kind))
                return AccountsErrors.ExternalProvesNothing;
            return await flow.BeginAsync(Ceremony.ExternalStepUp, provider, caller.UserId, context, cancel);
        }

        /// <summary>Null when it is proven.</summary>
        internal async Task<Error?> ProveAsync(ExternalFlow.Answer answer, Caller caller, HttpContext context, CancellationToken cancel)
        {
            if (!(await flow.FinishAsync(Ceremony.ExternalStepUp, caller.UserId, answer, context, cancel)).TryGet(out var person, out var error))
                return error;
            var now = clock.GetUtcNow();
            var isProven = await db.InTransactionAsync(
                async tx => await tx.ExecuteAsync(UseSql, new { Provider = answer.ProviderId, person.Subject, User = caller.UserId, Now = now }, cancel) == 1
                    && await tx.ExecuteAsync(StepUp.ProvedSql, new { Id = caller.SessionId, User = caller.UserId, Now = now, SecondFactor = false }, cancel) == 1,
                cancel);
            if (isProven)
                return null;
            LogRefused(logger, caller.UserId.Value, answer.ProviderId);
            return AccountsErrors.ExternalOther;
        }

        [LoggerMessage(Level = LogLevel.Warning, Message = "Step-up refused (user {UserId}): identity provider {ProviderId} named somebody else")]
        static partial void LogRefused(ILogger logger, Guid userId, Guid providerId);

        sealed record Way(string Kind, bool NothingElse);
    }
}
