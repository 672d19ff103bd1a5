using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Calls;
using JeanTrail.Gateway.Discovery;
using JeanTrail.Gateway.Models;
using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway;

/// <summary>The public face of the Gateway module.</summary>
public static class GatewayModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidation();
        services.AddOptions<GatewayOptions>().Bind(configuration).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UpstreamHttp>();
        services.AddSingleton<ProviderDirectory>();
        services.AddSingleton<ModelLists>();
        services.AddSingleton<DefaultModels>();
        services.AddSingleton<LoopbackDiscovery>();
        services.AddSingleton<UsageRecorder>();
        services.AddSingleton<IModelGateway, ModelGateway>();
        return services.AddMigrations("gateway", typeof(GatewayModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/gateway</c>.</summary>
    public static RouteGroupBuilder MapGateway(this RouteGroupBuilder routes)
    {
        routes.WithTags("Gateway");
        ListProviders.Map(routes);
        CreateProvider.Map(routes);
        UpdateProvider.Map(routes);
        DeleteProvider.Map(routes);
        CheckProvider.Map(routes);
        ListDiscovered.Map(routes);
        ListModels.Map(routes);
        SetDefaultModel.Map(routes);
        return routes;
    }
}
