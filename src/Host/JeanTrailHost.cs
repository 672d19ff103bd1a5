using JeanTrail.Accounts;
using JeanTrail.Agents;
using JeanTrail.Chat;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Gateway;
using JeanTrail.Kernel;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Postgres;
using JeanTrail.Models;
using JeanTrail.Voice;

namespace JeanTrail.Host;

/// <summary>The composition root: which parts there are and in what order they stand.</summary>
public static class JeanTrailHost
{
    /// <summary>Builds the application without starting anything.</summary>
    /// <param name="adjust">Changes settings and logging before the parts are registered; for tests.</param>
    /// <param name="services">Replaces parts after all are registered; for tests.</param>
    public static WebApplication Build(HostSettings settings, Action<WebApplicationBuilder>? adjust = null, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            // The content security policy is made from the page it finds there.
            WebRootPath = WebClient.FindRoot(),
        });
        builder.Configuration
            .AddJsonFile(Path.Combine(settings.DataFolder, "jeantrail.json"), optional: true)
            .AddEnvironmentVariables("JEAN_")
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Data:Path"] = settings.DataFolder });
        if (settings.Endpoint is not null)
            builder.WebHost.UseUrls(builder.Configuration["Edge:Certificate"] is null ? $"http://{settings.Endpoint}" : $"https://{settings.Endpoint}");
        builder.Services.AddSingleton(TimeProvider.System);
        adjust?.Invoke(builder);

        var configuration = builder.Configuration;
        var roles = new Roles(configuration);
        builder.Services.AddSingleton(roles);
        builder.AddKernelEdge();
        builder.Services
            .AddKernelData(configuration)
            .AddKernelDurable(configuration)
            .AddKernelMail(configuration)
            .AddAccounts(configuration.GetSection("Accounts"))
            .AddModels(configuration.GetSection("Models"))
            .AddGateway(configuration.GetSection("Gateway"))
            .AddAgents(configuration.GetSection("Agents"))
            .AddChat(configuration.GetSection("Chat"))
            .AddVoice(configuration.GetSection("Voice"));

        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseKernelEdge(roles.Has(Roles.Web) ? WebClient.UseWebClient : null);
        app.MapKernelEdge();
        if (!roles.Has(Roles.Web))
            return app;

        app.MapKernelDurable();
        app.MapGroup("/api/audit").MapAudit();
        app.MapGroup("/api/accounts").MapAccounts();
        app.MapGroup("/api/mail").MapKernelMail();
        app.MapGroup("/api/models").MapModels();
        app.MapGroup("/api/gateway").MapGateway();
        app.MapGroup("/v1").MapGatewayApi();
        app.MapGroup("/api/agents").MapAgents();
        app.MapGroup("/api/chat").MapChat();
        app.MapSharedPages();
        app.MapGroup("/api/voice").MapVoice();
        SystemInfo.Map(app);
        return app;
    }

    /// <summary>
    /// Starts the parts in their order: database, migrations, then everything else. Returns the one-time code with which the owner's
    /// account is created, or null when there is an owner.
    /// </summary>
    /// <exception cref="DatabaseStartException">The database cannot be started or reached.</exception>
    /// <exception cref="MigrationException">The schema cannot be brought to what this program expects.</exception>
    public static async Task<string?> StartAsync(WebApplication app, CancellationToken cancel)
    {
        await app.Services.GetRequiredService<IDatabaseServer>().StartAsync(cancel);
        await app.Services.GetRequiredService<Migrator>().ApplyAsync(cancel);
        var code = await app.Services.GetRequiredService<IOwnerSetup>().PrepareAsync(cancel);
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            // What runs already ends while the database is still there, else it says that it is gone.
            await app.StopAsync(CancellationToken.None);
            throw;
        }

        return code;
    }
}
