using System.Security.Claims;
using System.Text.Encodings.Web;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Kernel.Tests;

/// <summary>One node of an installation: the durable Kernel on a database, with a clock, a pool and a web server of its own.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    readonly WebApplication app;
    readonly NpgsqlDataSource source;
    readonly string dataFolder;

    TestNode(WebApplication app, NpgsqlDataSource source, string dataFolder, LogCollector logs)
    {
        this.app = app;
        this.source = source;
        this.dataFolder = dataFolder;
        Logs = logs;
    }

    internal LogCollector Logs { get; }

    internal Db Db => Get<Db>();

    internal Uri Address { get; private set; } = null!;

    internal static async Task<TestNode> StartAsync(
        TestDatabase database, TimeProvider clock, Action<IServiceCollection>? configure = null,
        Action<WebApplication>? map = null, Dictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var folder = Path.Combine(Path.GetTempPath(), $"jeantrail-node-{Guid.CreateVersion7():N}");
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Configuration["Data:Path"] = folder;
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var logs = new LogCollector();
        builder.Logging.ClearProviders().AddProvider(logs);
        var pool = NpgsqlDataSource.Create(database.ConnectionString);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(pool);
        builder.Services.AddSingleton(_ => new PersonalConnections(database.ConnectionString));
        builder.Services.AddSingleton<Db>();
        builder.Services.AddOptions<DataFolderOptions>().Bind(builder.Configuration.GetSection("Data"));
        builder.Services.AddKernelDurable(builder.Configuration);
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>("test", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy(Policies.SignedIn, policy => policy.RequireAuthenticatedUser());
        configure?.Invoke(builder.Services);
        var built = builder.Build();
        built.UseAuthentication();
        built.UseAuthorization();
        built.MapKernelDurable();
        map?.Invoke(built);
        var node = new TestNode(built, pool, folder, logs);
        await built.StartAsync();
        node.Address = new Uri(built.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        node.Get<PostgresBroadcast>().Listening.IsCompletedSuccessfully.ShouldBeTrue("a node that serves hears what others tell");
        return node;
    }

    internal T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    internal HttpClient Client(Guid user, Guid? session = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("X-Test-User", user.ToString());
        client.DefaultRequestHeaders.Add("X-Test-Session", (session ?? Guid.CreateVersion7()).ToString());
        return client;
    }

    internal Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
        await source.DisposeAsync();
        if (Directory.Exists(dataFolder))
            Directory.Delete(dataFolder, recursive: true);
    }

    sealed class HeaderAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var user = Request.Headers["X-Test-User"].ToString();
            if (user.Length == 0)
                return Task.FromResult(AuthenticateResult.NoResult());
            Claim[] claims = [new(Caller.UserIdClaim, user), new(Caller.SessionIdClaim, Request.Headers["X-Test-Session"].ToString())];
            var principal = new ClaimsPrincipal(new ClaimsIdentity(claims, "test"));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, "test")));
        }
    }
}

/// <summary>Moves a fake clock in steps until something is so: for code that sleeps, wakes, works and sleeps again.</summary>
internal static class Steps
{
    internal static Task UntilAsync(this FakeClock clock, TimeSpan step, Func<Task<bool>> condition, string? because = null)
        => Eventually.BeTrueAsync(async () =>
        {
            if (await condition())
                return true;
            clock.Advance(step);
            return false;
        }, because);
}
