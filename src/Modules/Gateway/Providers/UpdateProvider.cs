using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace JeanTrail.Gateway.Providers;

internal static class UpdateProvider
{
    /// <param name="Kind">Left out, it stays.</param>
    public sealed record Request(
        [Required, StringLength(ProviderRules.MaxName, MinimumLength = 1)] string Name,
        [Required, StringLength(ProviderRules.MaxBaseUrl)] string BaseUrl,
        bool Enabled = true,
        [StringLength(20)] string? Kind = null)
    {
        readonly string? apiKey;

        /// <summary>Left out, the stored key stays; null removes it.</summary>
        [StringLength(ProviderRules.MaxKey)]
        public string? ApiKey
        {
            get => apiKey;
            init
            {
                apiKey = value;
                KeyGiven = true;
            }
        }

        [JsonIgnore]
        internal bool KeyGiven { get; private init; }

        public override string ToString() => Name;
    }

    const string FindSql = $"select {ProviderRow.Columns} from gateway.provider where provider_id = @Id";

    // The address is compared again: a key must not go where it was not meant for, also when two changes cross.
    const string Sql = $"""
        update gateway.provider set
            name = @Name, name_key = @NameKey, kind = @Kind, base_url = @BaseUrl, enabled = @Enabled, updated_at = @Now,
            api_key = case when @KeyGiven then @ApiKey else api_key end,
            key_hint = case when @KeyGiven then @KeyHint else key_hint end
        where provider_id = @Id and base_url = @BaseUrlBefore
            and (@SameServer or not exists (select from gateway.provider_key where provider_id = @Id))
        returning {ProviderRow.Columns}
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/providers/{id:guid}", Handle)
            .WithName("Gateway_UpdateProvider")
            .WithSummary("Changes a provider. The key stays when it is left out.")
            .WithExample(
                // With a key: null would be read as taking it away.
                new Request(ListProviders.Example.Name, ListProviders.Example.BaseUrl) { ApiKey = "example-key-2f7a90d41c" }, ListProviders.Example)
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<ListProviders.Provider>, ProblemHttpResult>> Handle(
        Guid id, Request request, Db db, ISecretProtector protector, ProviderDirectory providers, ProviderKeys keys, DialectSet dialects, ModelLists lists, TimeProvider clock,
        CancellationToken cancel)
    {
        if (await db.FindAsync<ProviderRow>(FindSql, new { Id = id }, cancel) is not { } before)
            return KernelErrors.NotFound.ToProblem();
        var kind = request.Kind ?? before.Kind;
        if (ProviderRules.CheckKind(kind, dialects) is { } unknown)
            return unknown.ToProblem();
        if (!ProviderRules.BaseUrl(request.BaseUrl, kind).TryGet(out var baseUrl, out var invalid))
            return invalid.ToProblem();
        var key = ProviderRules.Trimmed(request.ApiKey);
        if (key is not null && ProviderRules.CheckKey(key) is { } keyInvalid)
            return keyInvalid.ToProblem();
        var sameServer = ProviderRules.SameServer(before.BaseUrl, baseUrl);
        if (before.ApiKey is not null && !request.KeyGiven && !sameServer)
            return GatewayErrors.ProviderKeyNeeded.ToProblem();
        if (!sameServer && (await providers.WithKeysAsync([before], cancel))[0].FurtherKeys.Count > 0)
            return GatewayErrors.ProviderKeysRemain.ToProblem();
        var row = new
        {
            Id = id,
            Name = request.Name.Trim(),
            NameKey = ProviderRules.NameKey(request.Name),
            Kind = kind,
            BaseUrl = baseUrl,
            SameServer = sameServer,
            BaseUrlBefore = before.BaseUrl,
            request.Enabled,
            request.KeyGiven,
            ApiKey = key is null ? null : await protector.ProtectAsync(ProviderRow.KeyPlace(id), key, cancel),
            KeyHint = ProviderRules.KeyHint(key),
            Now = clock.GetUtcNow(),
        };
        try
        {
            if (await db.FindAsync<ProviderRow>(Sql, row, cancel) is not { } changed)
                return KernelErrors.NotFound.ToProblem();
            await providers.InvalidateAsync(CancellationToken.None);
            await lists.InvalidateAsync(id, CancellationToken.None);
            return TypedResults.Ok((await providers.WithKeysAsync([changed], cancel))[0].ToView(keys));
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "provider_name_taken" })
        {
            return GatewayErrors.ProviderNameTaken.ToProblem();
        }
    }
}
