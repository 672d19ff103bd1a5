using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Kernel.Tests.Http;

/// <summary>A small server with the whole edge, on a real socket. Who sends the cookie <c>test={user}:{session}</c> is signed in.</summary>
public sealed class EdgeApp : IAsyncDisposable
{
    /// <summary>An address where nothing listens.</summary>
    public const string NoDatabase = "Host=127.0.0.1;Port=1;Timeout=1;Username=nobody;Database=none";

    readonly string folder;
    readonly NpgsqlDataSource source;

    EdgeApp(WebApplication app, string folder, LogCollector logs, NpgsqlDataSource source)
    {
        App = app;
        this.folder = folder;
        Logs = logs;
        this.source = source;
        Address = new Uri(app.Urls.First());
        Client = CreateClient();
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    public LogCollector Logs { get; }

    public HttpClient Client { get; }

    public string DataFolder => folder;

    public Guid UserId { get; } = Guid.CreateVersion7();

    public Guid SessionId { get; } = Guid.CreateVersion7();

    public string CsrfToken => App.Services.GetRequiredService<ICsrfTokens>().For(SessionId);

    public static async Task<EdgeApp> StartAsync(
        Action<WebApplication>? map = null, string? connectionString = null, TimeProvider? clock = null,
        IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? adjust = null)
    {
        var dataFolder = Directory.CreateTempSubdirectory("jeantrail-edge-").FullName;
        new MasterKeyFile(Path.Combine(dataFolder, "keys", "master.key")).Create();
        var logs = new LogCollector();
        var database = NpgsqlDataSource.Create(connectionString ?? NoDatabase);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Path"] = dataFolder });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        builder.Services.AddOptions<DataFolderOptions>().Bind(builder.Configuration.GetSection("Data"));
        builder.Services.AddSingleton(_ => new PersonalConnections(connectionString ?? NoDatabase));
        builder.Services.AddSingleton(services => new Db(database, services.GetRequiredService<PersonalConnections>()));
        builder.AddKernelEdge();
        builder.Logging.AddProvider(logs);
        builder.Services.AddValidation();
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, TestSignIn>("test", _ => { });
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        adjust?.Invoke(builder);
        var app = builder.Build();
        app.UseKernelEdge();
        app.MapKernelEdge();
        map?.Invoke(app);
        await app.StartAsync();
        return new EdgeApp(app, dataFolder, logs, database);
    }

    public HttpClient CreateClient()
#pragma warning disable CA5399, CA2000 // A loopback test server without certificates; the client owns its handler.
        => new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false, Expect100ContinueTimeout = Eventually.DefaultDeadline }) { BaseAddress = Address };
#pragma warning restore CA5399, CA2000

    /// <summary>Sends a request of the signed-in person, with proof of origin.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, Action<HttpRequestHeaders>? adjust = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add("Cookie", $"test={UserId}:{SessionId}");
        request.Headers.Add("X-CSRF-Token", CsrfToken);
        adjust?.Invoke(request.Headers);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public Task<HttpResponseMessage> PostJsonAsync(string path, string json) => PostBytesAsync(path, Encoding.UTF8.GetBytes(json), "application/json");

    public Task<HttpResponseMessage> PostBytesAsync(string path, byte[] body, string? contentType)
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        // A server that refuses a large body closes the connection while it is written, unless one waits for its word.
        return SendAsync(HttpMethod.Post, path, content, headers => headers.ExpectContinue = body.Length > 1_000_000);
    }

    /// <summary>Sends bytes that no HTTP client would, and reads until the server closes or has answered with its headers.</summary>
    public async Task<string> SendRawAsync(string request, bool signedIn = true)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
        if (signedIn)
            request = request.Replace("\r\n\r\n", $"\r\nCookie: test={UserId}:{SessionId}\r\nX-CSRF-Token: {CsrfToken}\r\n\r\n", StringComparison.Ordinal);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        var answer = new StringBuilder();
        var buffer = new byte[8192];
        using var patience = new CancellationTokenSource(Eventually.DefaultDeadline);
        while (!answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            if (count == 0)
                break;
            answer.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
        await source.DisposeAsync();
        Logs.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    sealed class TestSignIn(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Cookies["test"]?.Split(':') is not [var user, var session])
                return Task.FromResult(AuthenticateResult.NoResult());
            Claim[] claims = [new(Caller.UserIdClaim, user), new(Caller.SessionIdClaim, session), new(Caller.RoleClaim, "owner")];
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, "test")), "test")));
        }
    }
}

public static class ProblemAssertions
{
    /// <summary>Asserts that the answer is a problem with this status and code, and returns it.</summary>
    public static async Task<JsonObject> ShouldBeProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        ArgumentNullException.ThrowIfNull(response);
        var body = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, body);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", body);
        var problem = (JsonObject)JsonNode.Parse(body)!;
        problem["code"]!.GetValue<string>().ShouldBe(code);
        problem["status"]!.GetValue<int>().ShouldBe(status);
        problem["traceId"]!.GetValue<string>().Length.ShouldBe(32);
        return problem;
    }
}
