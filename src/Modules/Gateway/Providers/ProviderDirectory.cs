using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using JeanTrail.Gateway.Local;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Gateway.Providers;

/// <summary>The providers, from memory: they are few, asked for with every call, and changed once in a while.</summary>
internal sealed class ProviderDirectory(Db db, ICache cache, ISecretProtector protector, ProviderKeys keys)
{
    const string CacheKey = "gateway.providers";

    // Opened once for as long as the rows are believed: a change, or a minute, brings new rows with new ciphertexts in memory.
    readonly ConditionalWeakTable<byte[], UpstreamServer> open = [];

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>Of a key; somebody has to do something about it.</summary>
    static readonly TimeSpan RestAfterRefusal = TimeSpan.FromMinutes(5);

    /// <summary>Of a key that was used too often, where the provider does not say for how long.</summary>
    static readonly TimeSpan RestAfterHaste = TimeSpan.FromSeconds(10);

    const string ListSql = $"select {ProviderRow.Columns} from gateway.provider order by created_at, provider_id";
    const string KeysSql = "select provider_key_id, provider_id, api_key, key_hint, created_at from gateway.provider_key where provider_id = any(@Ids) order by created_at, provider_key_id";
    const string ModelsSql = "update gateway.provider set models = @Models where provider_id = @Id and models <> @Models";

    /// <summary>All that can answer: those that were connected, and this machine.</summary>
    internal Task<IReadOnlyList<ProviderRow>> ListAsync(CancellationToken cancel) => cache.GetOrAddAsync(CacheKey, Lifetime, ReadAllAsync, cancel);

    internal async Task<ProviderRow?> FindAsync(string slug, CancellationToken cancel)
        => (await ListAsync(cancel)).FirstOrDefault(provider => provider.Slug == slug);

    internal async Task<ProviderRow?> FindAsync(Guid id, CancellationToken cancel)
        => (await ListAsync(cancel)).FirstOrDefault(provider => provider.ProviderId == id);

    /// <summary>The server with one of its keys in the clear. Keys take turns; one that was refused rests.</summary>
    internal ValueTask<Result<UpstreamServer>> OpenAsync(ProviderRow provider, CancellationToken cancel)
    {
        if (keys.Choose(provider) is not { } chosen)
            return new(new UpstreamServer(provider.ProviderId, provider.BaseUrl, null));
        return open.TryGetValue(chosen.Sealed, out var server) ? new(server) : OpenAsync(provider, chosen, cancel);
    }

    async ValueTask<Result<UpstreamServer>> OpenAsync(ProviderRow provider, SealedKey chosen, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var key = await protector.UnprotectAsync(chosen.Place, chosen.Sealed, cancel);
                return open.GetValue(chosen.Sealed, _ => new UpstreamServer(provider.ProviderId, provider.BaseUrl, key, chosen.Id));
            }
            catch (CryptographicException)
            {
                if (!keys.Rest(provider, chosen.Id, RestAfterRefusal) || keys.Choose(provider) is not { } next)
                    return GatewayErrors.ProviderKeyUnreadable;
                chosen = next;
            }
        }
    }

    /// <summary>Notes what a failed call says about its key. True when another key of the provider is worth trying at once.</summary>
    internal bool KeyFailed(ProviderRow provider, UpstreamServer server, Fault fault)
    {
        TimeSpan? rest = fault.Error.Code switch
        {
            "gateway.upstream_unauthorized" or "gateway.upstream_quota_exceeded" => RestAfterRefusal,
            "gateway.upstream_rate_limited" => fault.RetryAfter ?? RestAfterHaste,
            _ => null,
        };
        if (rest is not { } time || provider.FurtherKeys.Count == 0)
            return false;
        GatewayTelemetry.KeyRested(fault.Error);
        return keys.Rest(provider, server.KeyId, time);
    }

    /// <summary>Keeps the last list a provider gave, to show while it does not answer.</summary>
    internal async Task RememberModelsAsync(Guid id, IReadOnlyList<string> models, CancellationToken cancel)
    {
        if (await db.ExecuteAsync(ModelsSql, new { Id = id, Models = models.ToArray() }, cancel) == 1)
            await InvalidateAsync(cancel);
    }

    /// <summary>From the database, for those who look at them and not through them.</summary>
    internal async Task<IReadOnlyList<ProviderRow>> ReadAsync(CancellationToken cancel)
        => await WithKeysAsync(await db.QueryAsync<ProviderRow>(ListSql, null, cancel), cancel);

    async Task<IReadOnlyList<ProviderRow>> ReadAllAsync(CancellationToken cancel)
    {
        var connected = await ReadAsync(cancel);
        return [.. connected, LocalProvider.Row(connected)];
    }

    internal async Task<IReadOnlyList<ProviderRow>> WithKeysAsync(IReadOnlyList<ProviderRow> rows, CancellationToken cancel)
    {
        var further = (await db.QueryAsync<ProviderKeyRow>(KeysSql, new { Ids = rows.Select(row => row.ProviderId).ToArray() }, cancel)).ToLookup(key => key.ProviderId);
        return [.. rows.Select(row => row with { FurtherKeys = [.. further[row.ProviderId]] })];
    }

    internal Task InvalidateAsync(CancellationToken cancel) => cache.InvalidateAsync(CacheKey, cancel);
}
