using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Testing.Simulators;

/// <summary>The web server beneath a simulator: on a free loopback port, cheap, and with nothing between a write and the socket.</summary>
internal static class SimulatorApp
{
    internal static WebApplication Create()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
        });
        // With no room to wait in, a write returns when the socket has the bytes: what was sent before a cut arrives. 0 means no limit.
        builder.WebHost.UseSockets(sockets => sockets.MaxWriteBufferSize = 2);
        return builder.Build();
    }

    internal static async Task<string> StartAsync(WebApplication app)
    {
        await app.StartAsync();
        return Address(app);
    }

    internal static async Task StopAsync(WebApplication app)
    {
        var port = new Uri(Address(app)).Port;
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
        LoopbackPort.Retire(port);
    }

    static string Address(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The body of a request as JSON; undefined when it has none, or is no JSON object.</summary>
    internal static async Task<(JsonElement Body, bool Readable)> ReadBodyAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
            return (default, true);
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return (document.RootElement.Clone(), document.RootElement.ValueKind == JsonValueKind.Object);
        }
        catch (JsonException)
        {
            return (default, false);
        }
    }

    internal static IReadOnlyDictionary<string, string> Headers(HttpContext context)
        => context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
}
