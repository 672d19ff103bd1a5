using System.Security.Cryptography;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Gateway.Providers;

/// <summary>The providers, from memory: they are few, asked for with every call, and changed once in a while.</summary>
internal sealed class ProviderDirectory(Db db, ICache cache, ISecretProtector protector)
{
    const string CacheKey = "gateway.providers";

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    const string ListSql = $"select {ProviderRow.Columns} from gateway.provider order by created_at, provider_id";
    const string ModelsSql = "update gateway.provider set models = @Models where provider_id = @Id and models <> @Models";

    internal Task<IReadOnlyList<ProviderRow>> ListAsync(CancellationToken cancel)
        => cache.GetOrAddAsync(CacheKey, Lifetime, inner => db.QueryAsync<ProviderRow>(ListSql, null, inner), cancel);

    internal async Task<ProviderRow?> FindAsync(string slug, CancellationToken cancel)
        => (await ListAsync(cancel)).FirstOrDefault(provider => provider.Slug == slug);

    internal async Task<ProviderRow?> FindAsync(Guid id, CancellationToken cancel)
        => (await ListAsync(cancel)).FirstOrDefault(provider => provider.ProviderId == id);

    /// <summary>The server with its key in the clear, for one call.</summary>
    internal async Task<Result<UpstreamServer>> OpenAsync(ProviderRow provider, CancellationToken cancel)
    {
        if (provider.ApiKey is not { } sealedKey)
            return new UpstreamServer(provider.ProviderId, provider.BaseUrl, null);
        try
        {
            var key = await protector.UnprotectAsync(ProviderRow.KeyPlace(provider.ProviderId), sealedKey, cancel);
            return new UpstreamServer(provider.ProviderId, provider.BaseUrl, key);
        }
        catch (CryptographicException)
        {
            return GatewayErrors.ProviderKeyUnreadable;
        }
    }

    /// <summary>Keeps the last list a provider gave, to show while it does not answer.</summary>
    internal async Task RememberModelsAsync(Guid id, IReadOnlyList<string> models, CancellationToken cancel)
    {
        if (await db.ExecuteAsync(ModelsSql, new { Id = id, Models = models.ToArray() }, cancel) == 1)
            await InvalidateAsync(cancel);
    }

    internal Task InvalidateAsync(CancellationToken cancel) => cache.InvalidateAsync(CacheKey, cancel);
}
