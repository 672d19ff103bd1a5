using System.Net;
using System.Text.Json;
using JeanTrail.Gateway.Routes;
using JeanTrail.Testing.Simulators;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Tests.Routing;

/// <summary>A route over simulators, each with its own provider.</summary>
internal sealed class RouteFixture : IAsyncDisposable
{
    readonly GatewayHost gateway;

    RouteFixture(GatewayHost gateway, OpenAiServer[] servers, string[] models, JsonElement[] providers)
    {
        this.gateway = gateway;
        Servers = servers;
        Models = models;
        Providers = providers;
    }

    /// <summary>What callers ask for.</summary>
    internal string Name { get; } = $"route-{Guid.CreateVersion7():N}";

    internal OpenAiServer[] Servers { get; }

    /// <summary><c>provider/model</c>, in the order of <see cref="Servers"/>.</summary>
    internal string[] Models { get; }

    internal JsonElement[] Providers { get; }

    internal Guid Id { get; private set; }

    /// <param name="rule">Members of the definition beside its targets.</param>
    internal static async Task<RouteFixture> CreateAsync(GatewayHost gateway, int targets, object? rule = null)
    {
        var servers = new OpenAiServer[targets];
        var providers = new JsonElement[targets];
        for (var i = 0; i < targets; i++)
        {
            servers[i] = await OpenAiServer.StartAsync();
            servers[i].Reply($"answer of {(char)('a' + i)}");
            providers[i] = await gateway.ConnectAsync(servers[i].BaseUrl.AbsoluteUri);
        }

        var fixture = new RouteFixture(gateway, servers, [.. providers.Select(provider => $"{provider.GetProperty("slug").GetString()}/sim-small")], providers);
        await fixture.SaveAsync(rule);
        return fixture;
    }

    /// <summary>How many requests each simulator got.</summary>
    internal int[] Asked => Array.ConvertAll(Servers, server => server.Requests.Count);

    internal async Task<TargetHealth> HealthAsync(int target)
        => (await gateway.Host.Services.GetRequiredService<TargetDirectory>().FindAsync(Models[target], null, named: true, CancellationToken.None)).Value.Health;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
            await server.DisposeAsync();
    }

    async Task SaveAsync(object? rule)
    {
        var definition = JsonSerializer.SerializeToNode(rule ?? new { })!.AsObject();
        definition.TryAdd("strategy", "priority");
        definition.TryAdd("targets", JsonSerializer.SerializeToNode(Models.Select(model => new { model })));
        var created = await gateway.Owner.CallAsync(HttpMethod.Post, "routes", new { name = Name, definition });
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        Id = created["id"].GetGuid();
    }
}
