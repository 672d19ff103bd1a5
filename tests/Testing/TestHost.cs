using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Host;
using JeanTrail.Kernel.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Testing;

/// <summary>The real server in this process: Kestrel on a port of its own, a database of its own, a data folder of its own.</summary>
public sealed class TestHost : IAsyncDisposable
{
    static readonly Lazy<MigrationSource[]> Sources = new(ReadSources);

    readonly TestDatabase? ownDatabase;
    readonly DirectoryInfo data;
    WebApplication? app;

    TestHost(WebApplication app, TestDatabase database, TestDatabase? ownDatabase, DirectoryInfo data, LogCollector logs, string? setupCode)
    {
        this.app = app;
        this.ownDatabase = ownDatabase;
        this.data = data;
        Database = database;
        Logs = logs;
        SetupCode = setupCode;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Address { get; }

    public TestDatabase Database { get; }

    public Db Db => Database.Db;

    public LogCollector Logs { get; }

    /// <summary>The one-time code of the first start; null when the database has an owner already.</summary>
    public string? SetupCode { get; }

    public IServiceProvider Services => app!.Services;

    /// <summary>Starts a server.</summary>
    /// <param name="database">A database to share with another server; its own by default.</param>
    /// <param name="clock">Moves the server's time.</param>
    /// <param name="adjust">Changes settings before anything is registered.</param>
    /// <param name="services">Replaces parts after everything is registered.</param>
    public static async Task<TestHost> StartAsync(
        TestDatabase? database = null, TimeProvider? clock = null, Action<WebApplicationBuilder>? adjust = null, Action<IServiceCollection>? services = null)
    {
        var own = database is null ? await NewDatabaseAsync() : null;
        var folder = Directory.CreateTempSubdirectory("jeantrail-test-");
        var logs = new LogCollector();
        var built = JeanTrailHost.Build(new HostSettings(folder.FullName, "127.0.0.1:0"), builder =>
        {
            builder.Configuration["Database:ConnectionString"] = (database ?? own)!.ConnectionString;
            builder.Logging.AddProvider(logs);
            if (clock is not null)
                builder.Services.Replace(ServiceDescriptor.Singleton(clock));
            adjust?.Invoke(builder);
        }, services);
        try
        {
            var code = await JeanTrailHost.StartAsync(built, CancellationToken.None);
            return new TestHost(built, (database ?? own)!, own, folder, logs, code);
        }
        catch
        {
            await built.DisposeAsync();
            if (own is not null)
                await own.DisposeAsync();
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>A database with every module's schema, for servers that share one or follow each other.</summary>
    public static Task<TestDatabase> NewDatabaseAsync() => TestDatabase.CreateAsync(Sources.Value);

    /// <summary>A browser of its own: cookies, no session yet.</summary>
    public HttpClient NewClient() => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>Creates the owner and returns their signed-in browser.</summary>
    public Task<HttpClient> CreateOwnerAsync() => EnterAsync("/api/accounts/setup", new
    {
        code = SetupCode,
        email = TestPeople.OwnerEmail,
        displayName = "Olga Owner",
        password = TestPeople.Password,
        locale = "en",
    });

    /// <summary>Signs a person in who exists already.</summary>
    public Task<HttpClient> SignInAsync(string email = TestPeople.OwnerEmail, string password = TestPeople.Password)
        => EnterAsync("/api/accounts/sign-in", new { email, password });

    /// <summary>Ends the server as a stop from outside does: in order, with everything written down.</summary>
    public async Task StopAsync()
    {
        if (app is null)
            return;
        await app.StopAsync();
        await app.DisposeAsync();
        app = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (ownDatabase is not null)
            await ownDatabase.DisposeAsync();
        data.Delete(recursive: true);
    }

    async Task<HttpClient> EnterAsync(string path, object body)
    {
        var client = NewClient();
        using var response = await client.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{path} answered {(int)response.StatusCode}: {text}");
        client.DefaultRequestHeaders.Add("X-CSRF-Token", JsonDocument.Parse(text).RootElement.GetProperty("csrfToken").GetString());
        return client;
    }

    static MigrationSource[] ReadSources()
    {
        var probe = JeanTrailHost.Build(new HostSettings(Path.GetTempPath(), Endpoint: null));
        return [.. probe.Services.GetServices<MigrationSource>()];
    }
}

public static class TestPeople
{
    public const string OwnerEmail = "olga@example.org";
    public const string Password = "correct horse battery staple";
}
