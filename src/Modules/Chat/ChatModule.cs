using JeanTrail.Kernel.Data;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Chat;

/// <summary>The public face of the Chat module.</summary>
public static class ChatModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddChat(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services.AddMigrations("chat", typeof(ChatModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/chat</c>.</summary>
    public static RouteGroupBuilder MapChat(this RouteGroupBuilder routes) => routes;
}
