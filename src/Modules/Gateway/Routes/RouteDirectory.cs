using System.Text.Json;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Http;

namespace JeanTrail.Gateway.Routes;

/// <summary>A route as stored, its rule read.</summary>
internal sealed record RouteEntry(Guid RouteId, string Name, bool Enabled, RouteDefinition Rule, int Version, DateTimeOffset UpdatedAt);

/// <summary>The routes, from memory: asked for with every call, changed once in a while.</summary>
internal sealed class RouteDirectory(Db db, ICache cache)
{
    const string CacheKey = "gateway.routes";

    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    internal const string Columns = "route_id, name, enabled, definition::text as definition, version, updated_at";
    internal const string NameConstraint = "route_name_taken";

    const string ListSql = $"select {Columns} from gateway.route order by name, route_id";

    internal Task<IReadOnlyDictionary<string, RouteEntry>> AllAsync(CancellationToken cancel)
        => cache.GetOrAddAsync<IReadOnlyDictionary<string, RouteEntry>>(
            CacheKey, Lifetime, async inner => (await ReadAsync(inner)).ToDictionary(route => route.Name, StringComparer.Ordinal), cancel);

    internal Task InvalidateAsync(CancellationToken cancel) => cache.InvalidateAsync(CacheKey, cancel);

    internal static string Write(RouteDefinition rule) => JsonSerializer.Serialize(rule, KernelJson.Options);

    /// <summary>From the database, for those who change them, in the order of their names.</summary>
    internal async Task<IReadOnlyList<RouteEntry>> ReadAsync(CancellationToken cancel) => [.. (await db.QueryAsync<Row>(ListSql, null, cancel)).Select(row => row.ToEntry())];

    internal sealed record Row(Guid RouteId, string Name, bool Enabled, string Definition, int Version, DateTimeOffset UpdatedAt)
    {
        internal RouteEntry ToEntry() => new(RouteId, Name, Enabled, JsonSerializer.Deserialize<RouteDefinition>(Definition, KernelJson.Options)!, Version, UpdatedAt);
    }
}
