using JeanTrail.Accounts.Ceremonies;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace JeanTrail.Accounts.External;

/// <summary>A person's own accounts elsewhere: which are connected, connecting one, disconnecting one.</summary>
internal static class ExternalLinks
{
    public sealed record Response(IReadOnlyList<Link> Items);

    /// <param name="Kind"><c>oidc google github</c>.</param>
    /// <param name="Label">What the person knows the account by; null: not connected.</param>
    /// <param name="Enabled">Whether one can sign in with it now.</param>
    public sealed record Link(Guid ProviderId, string Kind, string Name, bool Enabled, string? Label, DateTimeOffset? LinkedAt, DateTimeOffset? LastUsedAt);

    internal static readonly Link Example = new(
        ListIdentityProviders.Example.Id, ProviderKinds.Oidc, "Harbour", Enabled: true, "olga@harbour.example.org", new(2026, 3, 14, 10, 12, 3, TimeSpan.Zero), LastUsedAt: null);

    const string ListSql = """
        select p.provider_id, p.kind, p.name, p.enabled, i.label, i.created_at as linked_at, i.last_used_at
        from accounts.identity_provider p left join accounts.external_identity i on i.provider_id = p.provider_id and i.user_id = @User
        where p.enabled or i.user_id is not null order by p.created_at, p.provider_id
        """;

    const string DeleteSql = "delete from accounts.external_identity where user_id = @User and provider_id = @Provider";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/external/links", List)
            .WithName("Accounts_ListExternalLinks")
            .WithSummary("The accounts elsewhere that the person can connect, and those that are connected.")
            .WithExample(response: new Response([Example]))
            .RequireAuthorization(Policies.SignedIn);
        routes.MapPost("/external/{id:guid}/link", Begin)
            .WithName("Accounts_BeginExternalLink")
            .WithSummary("Begins to connect the person's account at an identity provider. The page it sends the browser back to finishes it.")
            .WithExample(response: ExternalFlow.ExampleBegun)
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();
        routes.MapPost("/external/links", Finish)
            .WithName("Accounts_FinishExternalLink")
            .WithSummary("Connects the account that the identity provider named: from now on it signs the person in.")
            .WithExample(ExternalFlow.ExampleAnswer)
            .RequireRateLimiting(RateLimits.Auth)
            .RequireAuthorization(Policies.SignedIn);
        routes.MapDelete("/external/links/{id:guid}", Delete)
            .WithName("Accounts_RemoveExternalLink")
            .WithSummary("Disconnects the person's account at an identity provider, unless it is their only way in.")
            .RequireAuthorization(Policies.SignedIn)
            .RequireRecentProof();
    }

    static async Task<Ok<Response>> List(Caller caller, Db db, CancellationToken cancel)
        => TypedResults.Ok(new Response(await db.QueryAsync<Link>(ListSql, new { User = caller.UserId }, cancel)));

    static async Task<Results<Ok<ExternalFlow.Begun>, ProblemHttpResult>> Begin(Guid id, Caller caller, HttpContext context, ExternalFlow flow, CancellationToken cancel)
        => (await flow.BeginAsync(Ceremony.ExternalLink, id, caller.UserId, context, cancel)).TryGet(out var begun, out var error) ? TypedResults.Ok(begun) : error.ToProblem();

    static async Task<Results<NoContent, ProblemHttpResult>> Finish(
        ExternalFlow.Answer answer, Caller caller, HttpContext context, ExternalFlow flow, Connection connection, CancellationToken cancel)
    {
        if (!(await flow.FinishAsync(Ceremony.ExternalLink, caller.UserId, answer, context, cancel)).TryGet(out var person, out var error))
            return error.ToProblem();
        return await connection.MakeAsync(answer.ProviderId, person, caller, context, cancel) is { } refused ? refused.ToProblem() : TypedResults.NoContent();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, Caller caller, HttpContext context, WaysIn ways, IAudit audit, CancellationToken cancel)
    {
        var refused = await ways.TakeAwayAsync(
            caller.UserId,
            id,
            async tx =>
            {
                if (await tx.ExecuteAsync(DeleteSql, new { User = caller.UserId, Provider = id }, cancel) == 0)
                    return false;
                await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.IdentityUnlinked, caller, context, [caller.UserId.Value, id]), cancel);
                return true;
            },
            cancel);
        return refused is null ? TypedResults.NoContent() : refused.ToProblem();
    }

    internal sealed class Connection(Db db, IAudit audit, TimeProvider clock)
    {
        const int MaxLabel = 254;

        const string InsertSql = """
            insert into accounts.external_identity (provider_id, subject, user_id, label, created_at)
            select provider_id, @Subject, @User, @Label, @Now from accounts.identity_provider where provider_id = @Provider and enabled
            """;

        /// <summary>Null when it is made.</summary>
        internal async Task<Error?> MakeAsync(Guid provider, ExternalPerson person, Caller caller, HttpContext context, CancellationToken cancel)
        {
            var label = string.Concat((person.Email ?? person.Name ?? person.Subject).Where(c => !char.IsControl(c)));
            var row = new
            {
                Provider = provider,
                person.Subject,
                User = caller.UserId,
                Label = label.Length <= MaxLabel ? label : label[..MaxLabel],
                Now = clock.GetUtcNow(),
            };
            try
            {
                return await db.InTransactionAsync<Error?>(
                    async tx =>
                    {
                        if (await tx.ExecuteAsync(InsertSql, row, cancel) == 0)
                            return KernelErrors.NotFound;
                        await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.IdentityLinked, caller, context, [caller.UserId.Value, provider]), cancel);
                        return null;
                    },
                    cancel);
            }
            catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "external_identity_of_user" or "external_identity_pkey" })
            {
                return AccountsErrors.ExternalTaken;
            }
        }
    }
}
