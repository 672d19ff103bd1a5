using JeanTrail.Kernel.Data;
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
        _ = configuration;
        return services.AddMigrations("gateway", typeof(GatewayModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/gateway</c>.</summary>
    public static RouteGroupBuilder MapGateway(this RouteGroupBuilder routes) => routes;
}
