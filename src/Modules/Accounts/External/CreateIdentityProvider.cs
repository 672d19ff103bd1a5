using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.External;

internal static class CreateIdentityProvider
{
    internal const int MaxName = 40;
    internal const int MaxClientId = 300;
    internal const int MaxSecret = 1000;
    const int MaxProviders = 20;

    /// <param name="Kind"><c>oidc google github</c>.</param>
    /// <param name="Issuer">For <c>oidc</c> the issuer's address; for <c>github</c> the address of an Enterprise server, or null; for <c>google</c> null.</param>
    /// <param name="ClientSecret">Null for a public client.</param>
    public sealed record Request(
        [Required, AllowedValues(ProviderKinds.Oidc, ProviderKinds.Google, ProviderKinds.GitHub)] string Kind,
        [Required, StringLength(MaxName, MinimumLength = 1)] string Name,
        [Required, StringLength(MaxClientId, MinimumLength = 1)] string ClientId,
        [StringLength(MaxSecret)] string? ClientSecret = null,
        [StringLength(500)] string? Issuer = null)
    {
        public override string ToString() => Name;
    }

    const string Sql = $"""
        with p as (
            insert into accounts.identity_provider (provider_id, kind, name, issuer, client_id, client_secret, enabled, created_at, updated_at)
            select @Id, @Kind, @Name, @Issuer, @ClientId, @ClientSecret, true, @Now, @Now
            where (select count(*) from accounts.identity_provider) < @Most
            returning *)
        select {ProviderRow.Columns} from p
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/identity-providers", Handle)
            .WithName("Accounts_CreateIdentityProvider")
            .WithSummary("Lets people sign in elsewhere: with Google, GitHub, or any OpenID Connect provider.")
            .WithExample(new Request(ProviderKinds.Oidc, "Harbour", "jean", "example-secret-5d1c0b7e92", "https://id.example.org"), ListIdentityProviders.Example with { People = 0 })
            .RequireAuthorization(Policies.Owner)
            .RequireRecentProof();

    static async Task<Results<Created<ListIdentityProviders.Provider>, ProblemHttpResult>> Handle(
        Request request, Caller caller, HttpContext context, Creation creation, IdentityProviders providers, CancellationToken cancel)
    {
        if (!(await creation.IssuerAsync(request, cancel)).TryGet(out var issuer, out var error))
            return error.ToProblem();
        return await creation.StoreAsync(request, issuer, caller, context, cancel) is { } created
            ? TypedResults.Created($"/api/accounts/identity-providers/{created.ProviderId}", created.ToView(providers))
            : AccountsErrors.IdentityProvidersFull.ToProblem();
    }

    internal sealed class Creation(Db db, OidcDirectory directory, ExternalHttp http, ISecretProtector protector, IAudit audit, TimeProvider clock)
    {
        /// <summary>The issuer as it is kept. One that was typed is asked whether it is one.</summary>
        internal async Task<Result<string>> IssuerAsync(Request request, CancellationToken cancel)
        {
            var typed = request.Issuer?.Trim().TrimEnd('/');
            switch (request.Kind)
            {
                case ProviderKinds.Google:
                    return ProviderKinds.GoogleIssuer;
                case ProviderKinds.GitHub when string.IsNullOrEmpty(typed):
                    return ProviderKinds.GitHubSite;
            }

            if (http.Check(typed).Error is { } refused)
                return AccountsErrors.Invalid(refused.Code, "issuer", refused.Detail);
            if (request.Kind == ProviderKinds.GitHub)
                return typed!;
            if (!(await directory.FetchAsync(typed!, cancel)).TryGet(out var metadata, out var error))
                return AccountsErrors.Invalid(error.Code, "issuer", error == AccountsErrors.ExternalRefused ? AccountsErrors.IssuerInvalid.Detail : error.Detail);
            return metadata.Issuer;
        }

        /// <summary>Null when there are too many already.</summary>
        internal async Task<ProviderRow?> StoreAsync(Request request, string issuer, Caller caller, HttpContext context, CancellationToken cancel)
        {
            var id = Ids.New(clock);
            var secret = request.ClientSecret?.Trim();
            var row = new
            {
                Id = id,
                request.Kind,
                Name = request.Name.Trim(),
                Issuer = issuer,
                ClientId = request.ClientId.Trim(),
                ClientSecret = string.IsNullOrEmpty(secret) ? null : await protector.ProtectAsync(IdentityProviders.PlaceOf(id), secret, cancel),
                Now = clock.GetUtcNow(),
                Most = MaxProviders,
            };
            return await db.InTransactionAsync(
                async tx =>
                {
                    if (await tx.FindAsync<ProviderRow>(Sql, row, cancel) is not { } created)
                        return null;
                    await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.IdentityProviderAdded, caller, context, [id], after: new { request.Kind }), cancel);
                    return created;
                },
                cancel);
        }
    }
}
