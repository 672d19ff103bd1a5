using System.Text;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.OpenAi;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Errors;
using JeanTrail.Testing;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>The real planner over routes and providers from memory, with prices and time of the test's making.</summary>
internal sealed class PlannerBench : ICache, ILedger
{
    readonly Dictionary<string, RouteEntry> routes = new(StringComparer.Ordinal);
    readonly List<ProviderRow> providers = [];
    readonly RoutePlanner planner;

    internal PlannerBench()
    {
        var directory = new ProviderDirectory(null!, this, null!, new ProviderKeys(Clock));
        Targets = new TargetDirectory(directory, new DialectSet([new OpenAiDialect()]), Clock);
        planner = new RoutePlanner(new RouteDirectory(null!, this), Targets, this, Options.Create(new GatewayOptions()), Clock);
        Connect("a");
        Connect("b");
        Connect("c");
    }

    internal FakeClock Clock { get; } = new();

    internal TargetDirectory Targets { get; }

    /// <summary>What a token costs at a model; nothing where it is not said.</summary>
    internal Dictionary<string, long> Prices { get; } = new(StringComparer.Ordinal);

    internal void Connect(string slug, bool enabled = true)
    {
        providers.RemoveAll(provider => provider.Slug == slug);
        providers.Add(new ProviderRow { ProviderId = Guid.CreateVersion7(), Name = slug, Slug = slug, BaseUrl = "http://127.0.0.1:1/v1", Enabled = enabled, Models = ["m"] });
    }

    internal void Replace(ProviderRow provider)
    {
        providers.RemoveAll(other => other.Slug == provider.Slug);
        providers.Add(provider);
    }

    internal void Route(RouteDefinition rule, bool enabled = true) => routes["route"] = new RouteEntry(Guid.CreateVersion7(), "route", enabled, rule, 1, Clock.GetUtcNow());

    internal void Route(RouteStrategy strategy, params RouteTargetRule[] targets) => Route(new RouteDefinition(strategy, targets));

    internal async Task<TargetHealth> HealthAsync(string model) => (await Targets.FindAsync(model, null, named: true, CancellationToken.None)).Value.Health;

    internal async Task<Result<RoutePlan>> PlanAsync(string request = """{"model":"route","messages":[{"role":"user","content":"Hello there"}]}""", string plan = "owner", Surface surface = Surface.ChatCompletions)
        => await planner.PlanAsync(new RouteQuestion(surface, Encoding.UTF8.GetBytes(request), Shape(request), plan), CancellationToken.None);

    /// <summary>The providers in the order in which they would be asked.</summary>
    internal async Task<string> OrderAsync(string request = """{"model":"route","messages":[{"role":"user","content":"Hello there"}]}""", string plan = "owner")
        => string.Concat((await PlanAsync(request, plan)).Value.Targets.Select(target => target.Provider.Slug));

    internal static string? CacheKey(string json) => Shape(json).CacheKeyOf(Encoding.UTF8.GetBytes(json));

    internal static RequestShape Shape(string json) => RequestShape.Read(Encoding.UTF8.GetBytes(json)).Value;

    async Task<T> ICache.GetOrAddAsync<T>(string key, TimeSpan ttl, Func<CancellationToken, Task<T>> factory, CancellationToken cancel)
        => key switch
        {
            "gateway.routes" => (T)(object)routes,
            "gateway.providers" => (T)(object)providers,
            _ => await factory(cancel),
        };

    Task ICache.InvalidateAsync(string key, CancellationToken cancel) => Task.CompletedTask;

    void ILedger.Open(CallEntry entry)
    {
    }

    void ILedger.Close(CallEntry entry)
    {
    }

    long ILedger.CostMicros(CallEntry entry) => 0;

    long ILedger.EstimateMicros(string modelId, long inputTokens, long outputTokens) => Prices.GetValueOrDefault(modelId) * (inputTokens + outputTokens);
}
