using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Providers;

internal static class AddProviderKey
{
    public sealed record Request([Required, StringLength(ProviderRules.MaxKey)] string ApiKey)
    {
        public override string ToString() => "a key";
    }

    const string FindSql = $"select {ProviderRow.Columns} from gateway.provider where provider_id = @Id";

    // The address is compared, for the key is meant for that one.
    const string Sql = """
        with provider as (
            update gateway.provider set updated_at = @Now
            where provider_id = @Provider and base_url = @BaseUrl and (select count(*) from gateway.provider_key where provider_id = @Provider) < @Most
            returning provider_id)
        insert into gateway.provider_key (provider_key_id, provider_id, api_key, key_hint, created_at)
        select @Id, provider_id, @ApiKey, @KeyHint, @Now from provider
        returning provider_key_id, provider_id, api_key, key_hint, created_at
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/providers/{id:guid}/keys", Handle)
            .WithName("Gateway_AddProviderKey")
            .WithSummary("Gives a provider a further key. Calls take turns over all keys; one that is refused or exhausted rests.")
            .WithExample(new Request("example-key-77c0e1a493be"), ListProviders.Example.Keys[0])
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Created<ListProviders.Key>, ProblemHttpResult>> Handle(
        Guid id, Request request, Db db, ISecretProtector protector, ProviderDirectory providers, ProviderKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindAsync<ProviderRow>(FindSql, new { Id = id }, cancel) is not { } provider)
            return KernelErrors.NotFound.ToProblem();
        if (ProviderRules.Trimmed(request.ApiKey) is not { } key || ProviderRules.CheckKey(key) is not null)
            return GatewayErrors.KeyInvalid.ToProblem();
        var keyId = Ids.New(clock);
        var row = new
        {
            Id = keyId,
            Provider = id,
            provider.BaseUrl,
            ApiKey = await protector.ProtectAsync(ProviderKeyRow.KeyPlace(keyId), key, cancel),
            KeyHint = ProviderRules.KeyHint(key),
            Now = clock.GetUtcNow(),
            Most = ProviderRules.MaxFurtherKeys,
        };
        if (await db.FindAsync<ProviderKeyRow>(Sql, row, cancel) is not { } added)
            return GatewayErrors.ProviderKeysFull.ToProblem();
        await providers.InvalidateAsync(CancellationToken.None);
        return TypedResults.Created($"/api/gateway/providers/{id}/keys/{keyId}", added.ToView(keys));
    }
}
