using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Bench.Wire;

/// <summary>The least an ASP.NET Core program can do as a gateway: read the body, send it on, copy the answer. What ours is measured against.</summary>
internal static class PassThrough
{
    internal static async Task<int> RunAsync(string[] args)
    {
        var upstream = new Uri(args[0]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
        app.Run(context => ForwardAsync(context, http, upstream));
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadLineAsync();
        return 0;
    }

    static async Task ForwardAsync(HttpContext context, HttpMessageInvoker http, Uri upstream)
    {
        var body = new byte[(int)context.Request.ContentLength!];
        await context.Request.Body.ReadExactlyAsync(body);
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(upstream, context.Request.Path)) { Content = new ByteArrayContent(body) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var answer = await http.SendAsync(message, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        context.Response.ContentLength = answer.Content.Headers.ContentLength;
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
            await context.Response.Body.FlushAsync();
        }
    }
}
