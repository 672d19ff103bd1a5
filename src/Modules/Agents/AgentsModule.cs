using JeanTrail.Kernel.Data;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Agents;

/// <summary>The public face of the Agents module.</summary>
public static class AgentsModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddAgents(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services.AddMigrations("agents", typeof(AgentsModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/agents</c>.</summary>
    public static RouteGroupBuilder MapAgents(this RouteGroupBuilder routes) => routes;
}
