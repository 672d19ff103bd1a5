using JeanTrail.Accounts.Passwords;
using JeanTrail.Accounts.Profile;
using JeanTrail.Accounts.Sessions;
using JeanTrail.Accounts.Setup;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Accounts.Users;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Accounts;

/// <summary>The public face of the Accounts module.</summary>
public static class AccountsModule
{
    /// <summary>
    /// Registers the module with its authentication scheme and the policies of <see cref="Policies"/>.
    /// <paramref name="configuration"/> is its own section.
    /// </summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidation();
        services.AddOptions<AccountsOptions>().Bind(configuration).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PasswordVault>();
        services.AddSingleton<SessionIssuer>();
        services.AddSingleton<LiveSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveSessions>());
        services.AddSingleton<AttemptThrottle>();
        services.AddSingleton<SignInWithPassword.SignInDoor>();
        services.AddSingleton<CreateOwner.FirstOwner>();
        services.AddSingleton<OwnerSetup>();
        services.AddSingleton<IOwnerSetup>(provider => provider.GetRequiredService<OwnerSetup>());
        services.AddSingleton<PreferenceStore>();
        services.AddSingleton<IPreferences>(provider => provider.GetRequiredService<PreferenceStore>());
        services.AddSingleton<IUserAdministration, UserAdministration>();
        services.AddPeriodicTask<AccountsUpkeep>("accounts.upkeep", AccountsUpkeep.Interval);
        AddSecurity(services);
        return services.AddMigrations("accounts", typeof(AccountsModule).Assembly);
    }

    /// <summary>Maps the endpoints below <c>/api/accounts</c>.</summary>
    public static RouteGroupBuilder MapAccounts(this RouteGroupBuilder routes)
    {
        routes.WithTags("Accounts");
        GetSetup.Map(routes);
        CreateOwner.Map(routes);
        SignInWithPassword.Map(routes);
        SignOut.Map(routes);
        GetSession.Map(routes);
        ListSessions.Map(routes);
        RevokeSession.Map(routes);
        RevokeOtherSessions.Map(routes);
        GetPreferences.Map(routes);
        PutPreferences.Map(routes);
        return routes;
    }

    static void AddSecurity(IServiceCollection services)
    {
        services.AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, null);
        var signedIn = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        services.AddAuthorizationBuilder()
            .SetDefaultPolicy(signedIn)
            .SetFallbackPolicy(signedIn)
            .AddPolicy(Policies.SignedIn, signedIn)
            .AddPolicy(Policies.Owner, policy => policy.RequireAuthenticatedUser().RequireClaim(Caller.RoleClaim, "owner"));
    }
}
