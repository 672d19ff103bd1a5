using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Providers;

internal static class RemoveProviderKey
{
    const string Sql = """
        with removed as (delete from gateway.provider_key where provider_key_id = @Key and provider_id = @Id returning provider_id)
        update gateway.provider set updated_at = @Now where provider_id in (select provider_id from removed)
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapDelete("/providers/{id:guid}/keys/{keyId:guid}", Handle)
            .WithName("Gateway_RemoveProviderKey")
            .WithSummary("Forgets a further key of a provider. Answers that are under way with it go on.")
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Guid keyId, Db db, ProviderDirectory providers, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.ExecuteAsync(Sql, new { Id = id, Key = keyId, Now = clock.GetUtcNow() }, cancel) == 0)
            return KernelErrors.NotFound.ToProblem();
        await providers.InvalidateAsync(CancellationToken.None);
        return TypedResults.NoContent();
    }
}
