using JeanTrail.Kernel.Data;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Voice;

/// <summary>The public face of the Voice module.</summary>
public static class VoiceModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddVoice(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services.AddMigrations("voice", typeof(VoiceModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/voice</c>.</summary>
    public static RouteGroupBuilder MapVoice(this RouteGroupBuilder routes) => routes;
}
