using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using static JeanTrail.Testing.Simulators.VendorFault;

namespace JeanTrail.Testing.Simulators;

/// <summary>How one vendor writes what all of them write.</summary>
/// <param name="Error">Its error: status, its word for it or null, its sentence or null, seconds to wait or null.</param>
/// <param name="ErrorEvent">The same inside a stream: name of the event or null, and data.</param>
/// <param name="LineEnd">Of events.</param>
internal sealed record VendorWords(
    Func<int, string?, string?, double?, JsonObject> Error, Func<string?, (string? Name, JsonObject Data)> ErrorEvent, string LineEnd);

/// <summary>The vendor refuses a request, in its own shape.</summary>
internal sealed class VendorRefusal(int status, string? type, string message) : Exception(message)
{
    internal int Status { get; } = status;

    internal string? Type { get; } = type;
}

/// <summary>Writes one response, with its faults.</summary>
internal sealed class VendorExchange(HttpContext context, SimulatorRequest request, VendorFault[] faults, VendorWords words)
{
    readonly int pieceBytes = Array.Find(faults, fault => fault.Kind == FaultKind.SplitWrites)?.SizeBytes ?? 0;
    int pieces;

    internal SimulatorRequest Request { get; } = request;

    internal IQueryCollection Query => context.Request.Query;

    CancellationToken Aborted => context.RequestAborted;

    /// <summary>Faults that stand in place of an answer; true when one did.</summary>
    internal async Task<bool> RefuseAsync()
    {
        if (Find(FaultKind.Refuse) is { } refusal)
        {
            await WriteErrorAsync(refusal.Status, refusal.Type, refusal.Message, refusal.RetryAfterSeconds);
            return true;
        }

        if (Find(FaultKind.Html) is { } html)
        {
            context.Response.StatusCode = html.Status;
            context.Response.ContentType = "text/html; charset=utf-8";
            await WriteAsync("<!doctype html><html><head><title>Proxy</title></head><body><h1>It works!</h1></body></html>\n");
            return true;
        }

        return false;
    }

    internal Task WriteErrorAsync(int status, string? type, string? message, double? retryAfterSeconds = null)
    {
        if (retryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture);
        return WriteJsonAsync(status, words.Error(status, type, message, retryAfterSeconds));
    }

    internal async Task WriteJsonAsync(int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await WriteAsync(Find(FaultKind.Nonsense) is null ? body.ToJsonString() : body.ToJsonString()[..^1] + ",]");
    }

    internal void BeginStream()
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
    }

    /// <summary>Writes an event that is part of every stream.</summary>
    internal Task WriteEventAsync(string? name, JsonNode data)
        => WriteAsync($"{(name is null ? "" : $"event: {name}{words.LineEnd}")}data: {data.ToJsonString()}{words.LineEnd}{words.LineEnd}");

    /// <summary>Writes an event with a piece of the answer; faults strike before it.</summary>
    internal async Task WritePieceAsync(string? name, JsonNode data)
    {
        await StrikeAsync(fault => fault.Pieces == pieces);
        pieces++;
        await WriteEventAsync(name, data);
    }

    /// <summary>No more pieces will come: faults that waited for more strike now.</summary>
    internal Task EndPiecesAsync() => StrikeAsync(fault => fault.Pieces >= pieces);

    async Task StrikeAsync(Func<VendorFault, bool> now)
    {
        foreach (var fault in faults.Where(fault => fault.Kind is FaultKind.Error or FaultKind.Close or FaultKind.Reset or FaultKind.Nonsense && now(fault)))
        {
            switch (fault.Kind)
            {
                case FaultKind.Error:
                    var (name, data) = words.ErrorEvent(fault.Type);
                    await WriteEventAsync(name, data);
                    throw new StreamOverException();
                case FaultKind.Nonsense:
                    await WriteAsync($"data: {{\"type\": nonsense{words.LineEnd}{words.LineEnd}");
                    break;
                case FaultKind.Reset:
                    Request.End(ResponseEnd.Cut);
                    context.Abort();
                    throw new StreamOverException();
                default:
                    Request.End(ResponseEnd.Cut);
                    // Only our half: the client reads all that was sent, and then the end.
                    context.Features.Get<IConnectionSocketFeature>()!.Socket.Shutdown(SocketShutdown.Send);
                    throw new StreamOverException();
            }
        }
    }

    async Task WriteAsync(string text)
    {
        var rest = new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(text));
        while (rest.Length > 0)
        {
            var piece = pieceBytes == 0 ? rest : rest[..Math.Min(pieceBytes, rest.Length)];
            await context.Response.BodyWriter.WriteAsync(piece, Aborted);
            Aborted.ThrowIfCancellationRequested();
            rest = rest[piece.Length..];
        }
    }

    VendorFault? Find(FaultKind kind) => Array.Find(faults, fault => fault.Kind == kind);
}

/// <summary>A fault ended the stream.</summary>
internal sealed class StreamOverException : Exception;
