using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Testing.Simulators;

/// <summary>A server of model files as the hub is one: it tells the checksum, sends on to where the file lies, and gives ranges. With the faults real ones have.</summary>
public sealed class ModelFileServer : IAsyncDisposable
{
    readonly WebApplication app = SimulatorApp.Create();
    readonly ConcurrentDictionary<string, Offered> files = new(StringComparer.Ordinal);
    string address = "";

    ModelFileServer()
    {
    }

    /// <summary>What was asked for, with the range.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<ModelFileServer> StartAsync()
    {
        var server = new ModelFileServer();
        server.app.MapGet("/hub/{name}", server.SendOn);
        server.app.MapGet("/files/{name}", server.SendAsync);
        server.address = await SimulatorApp.StartAsync(server.app);
        return server;
    }

    public Offered Offer(string name, byte[] content)
    {
        var offered = new Offered(content);
        files[name] = offered;
        return offered;
    }

    public string Hub(string name) => $"{address}/hub/{name}";

    public string Direct(string name) => $"{address}/files/{name}";

    public async ValueTask DisposeAsync() => await SimulatorApp.StopAsync(app);

    void SendOn(HttpContext context, string name)
    {
        if (!files.TryGetValue(name, out var file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.Headers["X-Linked-Etag"] = $"\"{file.Sha256}\"";
        context.Response.Headers["X-Linked-Size"] = $"{file.Content.Length}";
        context.Response.Redirect(file.SendsTo ?? $"/files/{name}", permanent: false);
    }

    async Task SendAsync(HttpContext context, string name)
    {
        Requests.Enqueue($"{name} {context.Request.Headers.Range}".TrimEnd());
        if (!files.TryGetValue(name, out var file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (file.Gate is { } gate)
            await gate.WaitAsync(context.RequestAborted);
        var from = 0L;
        context.Response.Headers.ETag = $"\"{file.Tag}\"";
        if (file.GivesRanges && context.Request.GetTypedHeaders().Range?.Ranges.FirstOrDefault() is { From: { } start })
        {
            var same = context.Request.Headers.IfRange.Count == 0 || context.Request.Headers.IfRange == $"\"{file.Tag}\"";
            if (same && start >= file.Content.Length)
            {
                context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                return;
            }

            if (same)
            {
                from = start;
                context.Response.StatusCode = StatusCodes.Status206PartialContent;
                context.Response.Headers.ContentRange = $"bytes {start}-{file.Content.Length - 1}/{file.Content.Length}";
            }
        }

        context.Response.ContentLength = file.Content.Length - from;
        await WriteAsync(context, file, (int)from);
    }

    static async Task WriteAsync(HttpContext context, Offered file, int from)
    {
        var until = file.Content.Length;
        if (file.CutsAfter.TryDequeue(out var bytes))
            until = Math.Min(until, from + bytes);
        for (var at = from; at < until; at += 64 * 1024)
        {
            await context.Response.Body.WriteAsync(file.Content.AsMemory(at, Math.Min(64 * 1024, until - at)), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        if (until == file.Content.Length)
            return;
        if (file.Stalls)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        context.Abort();
    }

    public sealed class Offered(byte[] content)
    {
        public byte[] Content { get; set; } = content;

        public string Sha256 { get; set; } = Convert.ToHexStringLower(SHA256.HashData(content));

        public string Tag { get; set; } = "one";

        public bool GivesRanges { get; set; } = true;

        /// <summary>How many bytes each answer brings before the connection breaks; afterwards answers are whole.</summary>
        public ConcurrentQueue<int> CutsAfter { get; } = new();

        /// <summary>Says nothing more instead of breaking off.</summary>
        public bool Stalls { get; set; }

        /// <summary>Where the hub sends on to; null is its own store.</summary>
        public string? SendsTo { get; set; }

        /// <summary>Holds the answer until it is released.</summary>
        public SemaphoreSlim? Gate { get; set; }
    }
}
