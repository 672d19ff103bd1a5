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

internal static class UpdateIdentityProvider
{
    /// <param name="ClientSecret">Null keeps the one there is. The issuer cannot be changed: it says whose subjects the people here are.</param>
    public sealed record Request(
        [Required, StringLength(CreateIdentityProvider.MaxName, MinimumLength = 1)] string Name,
        [Required, StringLength(CreateIdentityProvider.MaxClientId, MinimumLength = 1)] string ClientId,
        bool Enabled,
        [StringLength(CreateIdentityProvider.MaxSecret)] string? ClientSecret = null)
    {
        public override string ToString() => Name;
    }

    const string Sql = $"""
        with p as (
            update accounts.identity_provider set
                name = @Name, client_id = @ClientId, enabled = @Enabled, client_secret = coalesce(@ClientSecret, client_secret), updated_at = @Now
            where provider_id = @Id
            returning *)
        select {ProviderRow.Columns} from p
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/identity-providers/{id:guid}", Handle)
            .WithName("Accounts_UpdateIdentityProvider")
            .WithSummary("Changes an identity provider, or turns it off. The secret stays when it is left out.")
            .WithExample(new Request("Harbour", "jean", Enabled: true), ListIdentityProviders.Example)
            .RequireAuthorization(Policies.Owner)
            .RequireRecentProof();

    static async Task<Results<Ok<ListIdentityProviders.Provider>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, HttpContext context, Change change, IdentityProviders providers, CancellationToken cancel)
        => await change.MakeAsync(id, request, caller, context, cancel) is { } changed ? TypedResults.Ok(changed.ToView(providers)) : KernelErrors.NotFound.ToProblem();

    internal sealed class Change(Db db, ISecretProtector protector, IAudit audit, TimeProvider clock)
    {
        internal async Task<ProviderRow?> MakeAsync(Guid id, Request request, Caller caller, HttpContext context, CancellationToken cancel)
        {
            var secret = request.ClientSecret?.Trim();
            var row = new
            {
                Id = id,
                Name = request.Name.Trim(),
                ClientId = request.ClientId.Trim(),
                request.Enabled,
                ClientSecret = string.IsNullOrEmpty(secret) ? null : await protector.ProtectAsync(IdentityProviders.PlaceOf(id), secret, cancel),
                Now = clock.GetUtcNow(),
            };
            return await db.InTransactionAsync(
                async tx =>
                {
                    if (await tx.FindAsync<ProviderRow>(Sql, row, cancel) is not { } changed)
                        return null;
                    await audit.WriteAsync(tx, AuditEntry.Of(AuditAct.IdentityProviderChanged, caller, context, [id], after: new { request.Enabled, NewSecret = row.ClientSecret is not null }), cancel);
                    return changed;
                },
                cancel);
        }
    }
}
