using System.Buffers;
using System.Globalization;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Keys;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Gateway.Api;

/// <summary>Serves one request to <c>/v1</c>: lets the key in, reads the body, hands it to the exchange and its answer back.</summary>
internal sealed class ApiRequests(KeyRing keys, ModelExchange exchange)
{
    static readonly TimeSpan LastWord = TimeSpan.FromSeconds(5);

    internal async Task ServeAsync(HttpContext context, Surface surface)
    {
        var trace = GatewayCall.CurrentTrace();
        context.Response.Headers[ApiErrors.TraceHeader] = trace;
        try
        {
            if ((await keys.EnterAsync(Secret(context.Request), context.RequestAborted)).TryGet(out var running, out var refused))
            {
                using (running)
                    await AnswerAsync(context, surface, running, trace);
            }
            else
            {
                await ApiErrors.WriteAsync(context, refused);
            }
        }
        catch (BadHttpRequestException bad)
        {
            if (!context.Response.HasStarted)
                await ApiErrors.WriteAsync(context, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? KernelErrors.TooLarge : GatewayErrors.RequestInvalid("The request broke off.", null));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left; the exchange has written down how far it came.
        }
    }

    async Task AnswerAsync(HttpContext context, Surface surface, RunningCall running, string trace)
    {
        var grant = running.Grant;
        try
        {
            var body = await ReadBodyAsync(context);
            var shape = surface.IsForm() ? FormShape.Read(body.Span, context.Request.ContentType) : RequestShape.Read(body.Span);
            if (!shape.TryGet(out var known, out var error))
            {
                await ApiErrors.WriteAsync(context, error);
                return;
            }

            if (!grant.Allows(surface, known.Model))
            {
                await ApiErrors.WriteAsync(context, GatewayErrors.VirtualKeyScope);
                return;
            }

            if (surface is Surface.ImageGenerations or Surface.ImageEdits && !Permissions.Has(grant.Consumer.Plan, Permissions.ImagesGenerate))
            {
                await ApiErrors.WriteAsync(context, GatewayErrors.PlanLacks);
                return;
            }

            var call = new GatewayCall(surface, grant.Consumer, body, known, context.Request.ContentType ?? "application/json", trace, CacheUseOf(context.Request));
            var (reply, fault) = await exchange.OpenAsync(call, running.Cancel);
            if (reply is null)
            {
                await ApiErrors.WriteAsync(context, fault!.Error, fault.Said);
                return;
            }

            await using (reply)
                await SendAsync(context, reply, running);
        }
        catch (OperationCanceledException) when (running.Cut is { } why && !context.RequestAborted.IsCancellationRequested)
        {
            if (context.Response.HasStarted)
                context.Abort();
            else
                await ApiErrors.WriteAsync(context, why);
        }
    }

    static async Task SendAsync(HttpContext context, ExchangeReply reply, RunningCall running)
    {
        var response = context.Response;
        var cancel = running.Cancel;
        response.ContentType = reply.ContentType;
        response.Headers["x-jean-model"] = reply.ModelId;
        response.Headers.CacheControl = "no-store";
        if (reply.Entry.Cache is { } cache)
            response.Headers["x-jean-cache"] = cache;
        if (reply.Age is { } age)
            response.Headers.Age = ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (reply.Streamed)
            response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await foreach (var frame in reply.FramesAsync(cancel))
            {
                if (!reply.Streamed && !response.HasStarted && reply.ContentType == "application/json")
                    response.ContentLength = frame.Length;
                response.BodyWriter.Write(frame.Span);
                var flushed = await response.BodyWriter.FlushAsync(cancel);
                if (flushed.IsCompleted)
                    return;
            }
        }
        catch (ModelCallException broken)
        {
            await EndBrokenAsync(context, reply, broken);
        }
        catch (OperationCanceledException) when (running.Cut is { } why && !context.RequestAborted.IsCancellationRequested)
        {
            reply.Fail(why, Blame.Client);
            if (!reply.Streamed)
                throw;
            await EndBrokenAsync(context, reply, new ModelCallException(why, Blame.Client));
        }
    }

    /// <summary>A stream ends with what went wrong, so that nobody takes a part for the whole; a body cannot say it and is cut.</summary>
    static async Task EndBrokenAsync(HttpContext context, ExchangeReply reply, ModelCallException broken)
    {
        if (!reply.Streamed)
        {
            context.Abort();
            return;
        }

        var writer = context.Response.BodyWriter;
        // The events of a response have names, and no mark stands at their end.
        var named = reply.Entry.Surface == Surface.Responses;
        SseFrame.Write(writer, ApiErrors.Write(broken.Error), named ? "error" : null);
        if (!named)
            SseFrame.Write(writer, SseFrame.DoneData);
        // Whoever does not read has no say in how long this takes.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(LastWord);
        try
        {
            await writer.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    /// <summary>The whole body: it may have to be sent more than once.</summary>
    static async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        if (context.Request.ContentLength is { } length and <= int.MaxValue)
        {
            var read = await reader.ReadAtLeastAsync((int)length, context.RequestAborted);
            return Take(reader, read.Buffer);
        }

        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.IsCompleted)
                return Take(reader, read.Buffer);
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    static byte[] Take(System.IO.Pipelines.PipeReader reader, ReadOnlySequence<byte> buffer)
    {
        var body = buffer.ToArray();
        reader.AdvanceTo(buffer.End);
        return body;
    }

    /// <summary>As OpenAI's clients send it; <c>x-api-key</c> and <c>api-key</c> are what others' clients are used to.</summary>
    internal static string Secret(HttpRequest request)
    {
        string? authorization = request.Headers.Authorization;
        if (authorization is { Length: > 7 } && authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return authorization["Bearer ".Length..].Trim();
        return request.Headers["x-api-key"].FirstOrDefault() ?? request.Headers["api-key"].FirstOrDefault() ?? "";
    }

    static CacheUse CacheUseOf(HttpRequest request)
    {
        var control = request.Headers.CacheControl.ToString();
        if (request.Headers.ContainsKey("x-jean-no-cache") || control.Contains("no-store", StringComparison.OrdinalIgnoreCase))
            return CacheUse.None;
        return control.Contains("no-cache", StringComparison.OrdinalIgnoreCase) ? CacheUse.Refresh : CacheUse.ReadAndStore;
    }
}
