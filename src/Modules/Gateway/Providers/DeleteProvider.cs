using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Providers;

internal static class DeleteProvider
{
    const string Sql = "delete from gateway.provider where provider_id = @Id returning slug";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/providers/{id:guid}", Handle)
            .WithName("Gateway_DeleteProvider")
            .WithSummary("Disconnects a provider and forgets its key. Whose default it was goes back to the built-in engine.")
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid id, Db db, ProviderDirectory providers, ModelLists lists, DefaultModels defaults, CancellationToken cancel)
    {
        var orphans = await db.InTransactionAsync(
            async tx => await tx.FindAsync<string>(Sql, new { Id = id }, cancel) is { } slug
                ? await DefaultModels.ForgetProviderAsync(tx, slug, cancel)
                : null,
            cancel);
        if (orphans is null)
            return KernelErrors.NotFound.ToProblem();
        await providers.InvalidateAsync(CancellationToken.None);
        await lists.InvalidateAsync(id, CancellationToken.None);
        await defaults.InvalidateAsync(orphans, CancellationToken.None);
        return TypedResults.NoContent();
    }
}
