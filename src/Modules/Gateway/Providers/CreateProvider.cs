using System.ComponentModel.DataAnnotations;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.OpenAi;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Gateway.Providers;

internal static partial class CreateProvider
{
    /// <param name="BaseUrl">Such as <c>https://api.example.com/v1</c>; a bare server address gets <c>/v1</c>, or what its kind has there.</param>
    /// <param name="ApiKey">Null for servers that ask for none.</param>
    /// <param name="Kind">How its API speaks: <c>openai anthropic gemini</c>.</param>
    public sealed record Request(
        [Required, StringLength(ProviderRules.MaxName, MinimumLength = 1)] string Name,
        [Required, StringLength(ProviderRules.MaxBaseUrl)] string BaseUrl,
        [StringLength(ProviderRules.MaxKey)] string? ApiKey = null,
        [StringLength(20)] string Kind = OpenAiDialect.Kind)
    {
        public override string ToString() => Name;
    }

    const int MaxSlugAttempts = 50;

    // A route whose name begins with the slug would stand before the provider's models.
    const string Sql = $"""
        insert into gateway.provider (provider_id, name, name_key, slug, kind, base_url, api_key, key_hint, created_at, updated_at)
        select @Id, @Name, @NameKey, @Slug, @Kind, @BaseUrl, @ApiKey, @KeyHint, @Now, @Now
        where not exists (select from gateway.route where starts_with(name, @Slug || '/'))
        on conflict on constraint provider_slug_taken do nothing
        returning {ProviderRow.Columns}
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/providers", Handle)
            .WithName("Gateway_CreateProvider")
            .WithSummary("Connects a provider: any server that speaks the OpenAI API.")
            .WithExample(new Request(ListProviders.Example.Name, ListProviders.Example.BaseUrl, "example-key-2f7a90d41c"), ListProviders.Example with { Keys = [], LastCheck = null })
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Created<ListProviders.Provider>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, ISecretProtector protector, ProviderDirectory providers, ProviderKeys keys, DialectSet dialects, TimeProvider clock,
        ILoggerFactory loggers, CancellationToken cancel)
    {
        if (ProviderRules.CheckKind(request.Kind, dialects) is { } unknown)
            return unknown.ToProblem();
        if (!ProviderRules.BaseUrl(request.BaseUrl, request.Kind).TryGet(out var baseUrl, out var invalid))
            return invalid.ToProblem();
        var key = ProviderRules.Trimmed(request.ApiKey);
        if (key is not null && ProviderRules.CheckKey(key) is { } keyInvalid)
            return keyInvalid.ToProblem();
        var id = Ids.New(clock);
        var sealedKey = key is null ? null : await protector.ProtectAsync(ProviderRow.KeyPlace(id), key, cancel);
        try
        {
            for (var attempt = 0; attempt < MaxSlugAttempts; attempt++)
            {
                var row = new
                {
                    Id = id,
                    Name = request.Name.Trim(),
                    NameKey = ProviderRules.NameKey(request.Name),
                    Slug = ProviderRules.Slug(request.Name, attempt),
                    request.Kind,
                    BaseUrl = baseUrl,
                    ApiKey = sealedKey,
                    KeyHint = ProviderRules.KeyHint(key),
                    Now = clock.GetUtcNow(),
                };
                if (await db.FindAsync<ProviderRow>(Sql, row, cancel) is not { } created)
                    continue;
                await providers.InvalidateAsync(CancellationToken.None);
                var logger = loggers.CreateLogger("JeanTrail.Gateway.Providers");
                LogCreated(logger, id, created.Slug, caller.UserId.Value);
                return TypedResults.Created($"/api/gateway/providers/{id}", created.ToView(keys));
            }
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "provider_name_taken" })
        {
        }

        return GatewayErrors.ProviderNameTaken.ToProblem();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Provider {ProviderId} ({Slug}) connected by {UserId}")]
    static partial void LogCreated(ILogger logger, Guid providerId, string slug, Guid userId);
}
