using System.Net;
using JeanTrail.Accounts.Passwords;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Leases;
using JeanTrail.Kernel.Mail;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Accounts.Tests;

/// <summary>One node: the Kernel's edge with the Accounts module on a real socket.</summary>
public sealed class AccountsApp : IAsyncDisposable
{
    public const string Password = "a quiet river at dusk";

    readonly WebApplication app;
    readonly NodeLink link;

    AccountsApp(WebApplication app, LogCollector logs, NodeLink link)
    {
        this.app = app;
        this.link = link;
        Logs = logs;
        Address = new Uri(app.Urls.First());
    }

    public Uri Address { get; }

    public LogCollector Logs { get; }

    public FakeClock Clock => (FakeClock)app.Services.GetRequiredService<TimeProvider>();

    public Db Db => app.Services.GetRequiredService<Db>();

    internal IReadOnlyCollection<object> Told => ((ToldEvents)app.Services.GetRequiredService<IOutbox>()).All;

    public IOwnerSetup Setup => app.Services.GetRequiredService<IOwnerSetup>();

    public IUserAdministration Administration => app.Services.GetRequiredService<IUserAdministration>();

    public IPreferences Preferences => app.Services.GetRequiredService<IPreferences>();

    public IQuotas Quotas => app.Services.GetRequiredService<IQuotas>();

    public ITeams Teams => app.Services.GetRequiredService<ITeams>();

    internal ScriptedBooks Books => (ScriptedBooks)app.Services.GetRequiredService<IModelUsage>();

    public IMail Mail => app.Services.GetRequiredService<IMail>();

    internal WatchedTransport Transport => (WatchedTransport)app.Services.GetRequiredService<IMailTransport>();

    internal ClosedConnections Closed => (ClosedConnections)app.Services.GetRequiredService<ILiveConnections>();

    internal AccountsUpkeep Upkeep => ActivatorUtilities.CreateInstance<AccountsUpkeep>(app.Services);

    /// <summary>What went wrong on the server, to tell with a failed assertion.</summary>
    string Failures => string.Join('\n', Logs.Entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => $"{entry.Message} {entry.Exception}"));

    public IServiceProvider Services => app.Services;

    /// <summary>Another node on the same database, with the same time, that hears this one.</summary>
    public Task<AccountsApp> NeighbourAsync(AccountsDatabase database) => StartAsync(database, Clock, link);

    public Browser NewBrowser() => new(Address);

    /// <summary>A browser in which the owner was just created.</summary>
    public async Task<Browser> NewOwnerAsync(string email = "ada@example.org")
    {
        var browser = NewBrowser();
        var code = await Setup.PrepareAsync(CancellationToken.None);
        var answer = await browser.PostAsync("setup", new { code, email, displayName = "Ada", password = Password, locale = "en" });
        answer.Status.ShouldBe(HttpStatusCode.Created, Failures);
        return browser;
    }

    /// <summary>A browser in which another person is signed in; sign-up comes in a later part, so the row is written here.</summary>
    public async Task<Browser> NewMemberAsync(string email = "bob@example.org", string role = "free")
    {
        const string Sql = """
            insert into accounts.user (user_id, email, email_key, display_name, role, password_hash, created_at)
            select @Id, @Email, @Email, 'Bob', @Role, password_hash, @Now from accounts.user where role = 'owner'
            """;
        await Db.ExecuteAsync(Sql, new { Id = Ids.New(Clock), Email = email, Role = role, Now = Clock.GetUtcNow() }, CancellationToken.None);
        var browser = NewBrowser();
        (await browser.SignInAsync(email)).Status.ShouldBe(HttpStatusCode.OK);
        return browser;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    internal static async Task<AccountsApp> StartAsync(AccountsDatabase database, FakeClock clock, NodeLink link, params (string Name, string Value)[] settings)
    {
        var logs = new LogCollector();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        var configuration = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Database:ConnectionString"] = database.Database.ConnectionString,
            ["Data:Path"] = database.Folder,
            // Requests say with X-Forwarded-For where they come from.
            ["Edge:Proxies:0"] = "127.0.0.1",
            ["Edge:SignInsPerMinute"] = "1000000",
            ["Edge:SignInsPerMinuteGlobally"] = "1000000",
            // Simulators stand on loopback.
            ["Accounts:PrivateIdentityProviders"] = "true",
        };
        foreach (var (name, value) in settings)
            configuration[name] = value;
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.AddKernelEdge();
        builder.Services.AddKernelData(builder.Configuration);
        builder.Services.AddKernelMail(builder.Configuration);
        builder.Services.AddSingleton<IMailTransport, WatchedTransport>();
        builder.Services.AddSingleton(NpgsqlDataSource.Create(database.Database.ConnectionString));
        builder.Services.AddSingleton<IBroadcast>(new LinkBroadcast(link));
        builder.Services.AddSingleton<ILiveConnections, ClosedConnections>();
        builder.Services.AddSingleton<IOutbox, ToldEvents>();
        builder.Services.AddSingleton<ICache, Uncached>();
        builder.Services.AddSingleton<IModelUsage, ScriptedBooks>();
        builder.Services.AddAccounts(builder.Configuration.GetSection("Accounts"));
        // Real passwords cost real time, by design; the rounds that count are tested where the vault is.
        builder.Services.AddSingleton(new PasswordVault(Options.Create(new AccountsOptions { PasswordIterations = 1000 })));
        // Upkeep is called by its test; here another node always holds its lease.
        builder.Services.AddSingleton<ILeases, HeldElsewhere>();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        var app = builder.Build();
        app.UseKernelEdge();
        app.MapGroup("/api/accounts").MapAccounts();
        app.MapGroup("/api/audit").MapAudit();
        app.MapGroup("/api/mail").MapKernelMail();
        app.MapGet("/api/test/owners-only", () => "yes").RequireAuthorization(Policies.Owner);
        app.MapGet("/api/test/names-no-policy", () => "yes");
        await app.StartAsync();
        return new AccountsApp(app, logs, link);
    }
}

/// <summary>Always asks again: what a test changed in the database counts at once. The Kernel's cache has tests of its own.</summary>
internal sealed class Uncached : ICache
{
    public Task<T> GetOrAddAsync<T>(string key, TimeSpan ttl, Func<CancellationToken, Task<T>> factory, CancellationToken cancel) => factory(cancel);

    public Task InvalidateAsync(string key, CancellationToken cancel) => Task.CompletedTask;
}
