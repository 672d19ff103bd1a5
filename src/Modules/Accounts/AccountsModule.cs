using JeanTrail.Kernel.Data;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Accounts;

/// <summary>The public face of the Accounts module.</summary>
public static class AccountsModule
{
    /// <summary>Registers the module. <paramref name="configuration"/> is its own section.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services.AddMigrations("accounts", typeof(AccountsModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/accounts</c>.</summary>
    public static RouteGroupBuilder MapAccounts(this RouteGroupBuilder routes) => routes;
}
