using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using static JeanTrail.Testing.Simulators.OpenAiFault;

namespace JeanTrail.Testing.Simulators;

/// <summary>Writes one response, with its faults.</summary>
internal sealed class OpenAiResponse(HttpContext context, OpenAiRequest request, OpenAiFault[] faults)
{
    readonly bool odd = faults.Any(fault => fault.Kind == FaultKind.OddFraming);
    readonly int pieceBytes = faults.FirstOrDefault(fault => fault.Kind == FaultKind.SplitWrites)?.SizeBytes ?? 0;

    // One write at a time, so one buffer serves the whole response.
    readonly ArrayBufferWriter<byte> buffer = new(512);

    CancellationToken Aborted => context.RequestAborted;

    /// <summary>Faults that stand in place of an answer; true when one did.</summary>
    internal async Task<bool> RefuseAsync()
    {
        context.Response.Headers["x-request-id"] = $"req_{request.Number}";
        if (Find(FaultKind.HoldHeaders) is { Gate: { } gate })
            await gate.PassAsync(Aborted);
        if (Find(FaultKind.Status) is { } status)
        {
            if (status.RetryAfterSeconds is { } seconds)
                context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var (message, type, code) = status.StatusCode switch
            {
                429 => ("Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
                401 => ("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
                < 500 => ("The request was refused.", "invalid_request_error", null),
                _ => ("The server had an error while processing your request.", "server_error", null),
            };
            await WriteJsonAsync(status.StatusCode, OpenAiShapes.Error(message, type, code: code));
            request.End(ResponseEnd.Completed);
            return true;
        }

        if (Find(FaultKind.Html) is { } html)
        {
            context.Response.StatusCode = html.StatusCode;
            context.Response.ContentType = "text/html; charset=utf-8";
            await WriteAsync(Encoding.UTF8.GetBytes("<!doctype html><html><head><title>Gateway</title></head><body><h1>It works!</h1></body></html>\n"));
            request.End(ResponseEnd.Completed);
            return true;
        }

        return false;
    }

    internal async Task WriteJsonAsync(int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Find(FaultKind.WrongContentType) is null ? "application/json" : "text/plain";
        var text = Find(FaultKind.InvalidJson) is null ? body.ToJsonString() : body.ToJsonString()[..^1] + ",]";
        await WriteAsync(Encoding.UTF8.GetBytes(text));
    }

    internal async Task WriteWholeAsync(IReadOnlyList<string> tokens, string finish, double tokensPerSecond)
    {
        foreach (var fault in faults.Where(fault => fault.Kind is FaultKind.HoldTokens or FaultKind.Reset or FaultKind.Close))
        {
            if (await HaltAsync(fault))
                return;
        }

        if (tokensPerSecond > 0)
            await Task.Delay(TimeSpan.FromSeconds(tokens.Count / tokensPerSecond), Aborted);
        await WriteJsonAsync(200, OpenAiShapes.Whole(request, tokens, finish, Find(FaultKind.NoUsage) is null));
    }

    internal async Task StreamAsync(IReadOnlyList<string> tokens, string finish, double tokensPerSecond)
    {
        BeginStream();
        var usage = request.WantsUsage && Find(FaultKind.NoUsage) is null;
        await WriteEventAsync(OpenAiShapes.Chunk(request, new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null }, null, usage));
        if (!await StreamTokensAsync(tokens, tokensPerSecond, usage))
            return;
        if (Find(FaultKind.NoFinishReason) is null)
            await WriteEventAsync(OpenAiShapes.Chunk(request, new JsonObject(), finish, usage));
        if (usage)
            await WriteEventAsync(OpenAiShapes.UsageChunk(request, tokens.Count));
        if (Find(FaultKind.NoDone) is null)
            await WriteEndAsync();
    }

    /// <summary>False when the stream was broken off.</summary>
    async Task<bool> StreamTokensAsync(IReadOnlyList<string> tokens, double tokensPerSecond, bool usage)
    {
        var (before, after) = Template(usage);
        using var pace = tokensPerSecond > 0 ? new PeriodicTimer(TimeSpan.FromSeconds(1 / tokensPerSecond)) : null;
        var begun = Stopwatch.GetTimestamp();
        for (var sent = 0; ; sent++)
        {
            foreach (var fault in faults.Where(fault => fault.Tokens == sent || (sent == tokens.Count && fault.Tokens > sent)))
            {
                if (await InterruptAsync(fault, before, after))
                    return false;
            }

            if (sent == tokens.Count)
                return true;
            // Behind schedule on a busy machine it catches up instead of slowing down.
            if (pace is not null && sent >= Stopwatch.GetElapsedTime(begun).TotalSeconds * tokensPerSecond)
                await pace.WaitForNextTickAsync(Aborted);
            await WriteEventAsync(before, OpenAiShapes.Escape(tokens[sent]), after);
        }
    }

    /// <summary>What happens between two tokens; true when the stream ends with it.</summary>
    async Task<bool> InterruptAsync(OpenAiFault fault, byte[] before, byte[] after)
    {
        switch (fault.Kind)
        {
            case FaultKind.InvalidJson:
                await WriteEventAsync("{\"id\":\"chatcmpl-broken\",\"choices\":[{\"delta\":{\"content\":"u8.ToArray());
                return false;
            case FaultKind.Gigantic:
                await WriteEventAsync(before, Enumerable.Repeat((byte)'x', fault.SizeBytes).ToArray(), after);
                return false;
            case FaultKind.ErrorChunk:
                await WriteEventAsync(OpenAiShapes.Error("The model produced an error in the middle of its answer.", "server_error"));
                return true;
            default:
                return await HaltAsync(fault);
        }
    }

    /// <summary>Holds or breaks the connection; true when it broke.</summary>
    async Task<bool> HaltAsync(OpenAiFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.HoldTokens:
                await fault.Gate!.PassAsync(Aborted);
                return false;
            case FaultKind.Reset:
                request.End(ResponseEnd.Cut);
                context.Abort();
                return true;
            case FaultKind.Close:
                request.End(ResponseEnd.Cut);
                // Only our half: the client reads all that was sent, and then the end.
                context.Features.Get<IConnectionSocketFeature>()!.Socket.Shutdown(SocketShutdown.Send);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The bytes around the text of a content chunk: made once per stream, for speed.</summary>
    (byte[] Before, byte[] After) Template(bool usage)
    {
        const string Mark = "\u0001";
        var parts = OpenAiShapes.Chunk(request, new JsonObject { ["content"] = Mark }, null, usage).ToJsonString().Split("\\u0001");
        return (Encoding.UTF8.GetBytes(parts[0]), Encoding.UTF8.GetBytes(parts[1]));
    }

    internal void BeginStream()
    {
        context.Response.ContentType = Find(FaultKind.WrongContentType) is null ? "text/event-stream; charset=utf-8" : "text/plain";
        context.Response.Headers.CacheControl = "no-cache";
    }

    internal Task WriteEventAsync(JsonObject data) => WriteEventAsync(Encoding.UTF8.GetBytes(data.ToJsonString()));

    internal Task WriteEndAsync() => WriteEventAsync("[DONE]"u8.ToArray());

    Task WriteEventAsync(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> text = default, ReadOnlyMemory<byte> after = default)
    {
        buffer.ResetWrittenCount();
        buffer.Write(odd ? ": processing\r\nevent: message\r\nretry: 3000\r\ndata:"u8 : "data: "u8);
        buffer.Write(before.Span);
        buffer.Write(text.Span);
        buffer.Write(after.Span);
        buffer.Write(odd ? "\r\n\r\n"u8 : "\n\n"u8);
        return WriteAsync(buffer.WrittenMemory);
    }

    async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        var body = context.Response.BodyWriter;
        for (var rest = bytes; rest.Length > 0;)
        {
            var piece = pieceBytes == 0 ? rest : rest[..Math.Min(pieceBytes, rest.Length)];
            await body.WriteAsync(piece, Aborted);
            Aborted.ThrowIfCancellationRequested();
            rest = rest[piece.Length..];
        }
    }

    OpenAiFault? Find(FaultKind kind) => Array.Find(faults, fault => fault.Kind == kind);
}
