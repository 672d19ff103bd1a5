using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Contracts.Models;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Local;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Exchange;

/// <summary>
/// An upstream's answer that has begun: its first piece is here, the rest follows.
/// </summary>
/// <param name="surface">On which the upstream was asked, which need not be the caller's.</param>
internal abstract class UpstreamReply(RouteTarget target, HttpResponseMessage response, CallWatch watch, Surface surface) : ReplyBody
{
    protected const int MaxWholeBytes = 64 * 1024 * 1024;

    internal RouteTarget Target { get; } = target;

    internal Surface Surface { get; } = surface;

    protected CallWatch Watch { get; } = watch;

    protected HttpResponseMessage Response { get; } = response;

    /// <summary>Reads as far as the first piece of the answer itself. Until it succeeds the call may still go elsewhere.</summary>
    internal abstract Task<Fault?> BeginAsync(CancellationToken cancel);

    public override ValueTask DisposeAsync()
    {
        Response.Dispose();
        Watch.Dispose();
        Target.Health.Ended();
        return ValueTask.CompletedTask;
    }

    /// <summary>What a failed read means.</summary>
    protected Fault? FaultOf(Exception failure, CancellationToken cancel) => failure switch
    {
        InvalidDataException or JsonException => UpstreamFaults.Nonsense,
        ModelCallException told => new Fault(told.Error, told.Blame, told.RetryAfter is not null, told.RetryAfter),
        LocalModelException local => LocalFaults.Of(local),
        IOException or HttpRequestException => UpstreamFaults.Cut with { Inner = failure },
        OperationCanceledException when !cancel.IsCancellationRequested => UpstreamFaults.TimedOut,
        _ => null,
    };
}

/// <summary>An answer in server-sent events, which pass as they come or are translated one by one.</summary>
internal sealed class StreamedReply(
    RouteTarget target, HttpResponseMessage response, CallWatch watch, DialectRequest request, Stream stream, TimeSpan idleTimeout) : UpstreamReply(target, response, watch, request.Surface)
{
    /// <summary>For the token counts and the end mark, once the answer itself is complete.</summary>
    static readonly TimeSpan TrailerPatience = TimeSpan.FromSeconds(3);

    readonly SseReader events = new(stream, watch.Progress);
    readonly ReplyMeter meter = new(request.Surface);
    readonly IReplyTranslator? translator = target.Dialect.CreateTranslator(request);
    readonly ArrayBufferWriter<byte> output = new(4096);
    Fault? broken;
    bool ended;

    internal override ReplyFacts Facts => translator?.Facts ?? meter.Facts;

    internal override string ContentType => "text/event-stream; charset=utf-8";

    internal override bool Streamed => true;

    internal override async Task<Fault?> BeginAsync(CancellationToken cancel)
    {
        try
        {
            // Opening words (a role, a heartbeat) commit to nothing: while only they have come, another target may still answer.
            while (!ended && Facts is { Pieces: 0, Finished: false })
                await ReadAsync(cancel);
            Watch.Allow(Facts.Finished ? TrailerPatience : idleTimeout);
            return null;
        }
        catch (Exception failure) when (FaultOf(failure, cancel) is { } fault)
        {
            // As below; and with nothing said yet, another target may still answer.
            if (Facts is { Pieces: 0, Finished: false })
                return fault;
            if (Facts.Finished)
                End();
            else
                broken = fault;
            return null;
        }
    }

    internal override async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            if (output.WrittenCount > 0)
            {
                yield return output.WrittenMemory;
                output.ResetWrittenCount();
            }

            if (broken is not null)
                throw broken.ToException();
            if (ended)
                yield break;
            var wasFinished = Facts.Finished;
            try
            {
                await ReadAsync(cancel);
            }
            catch (Exception failure) when (FaultOf(failure, cancel) is { } fault)
            {
                // An answer that was complete is not spoiled by a missing end mark; of any other, what came is told first.
                if (Facts.Finished)
                    End();
                else
                    broken = fault;
            }

            if (!wasFinished && Facts.Finished)
                Watch.Allow(TrailerPatience);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        events.Dispose();
        await stream.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Takes the next event, and all others that came with it.</summary>
    async ValueTask ReadAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (await events.ReadAsync(Watch.Token) is not { } data)
        {
            if (!Facts.Finished)
                throw UpstreamFaults.Cut.ToException();
            End();
            return;
        }

        Take(data);
        while (!ended && events.TryRead(out data))
            Take(data);
    }

    void Take(ReadOnlyMemory<byte> data)
    {
        if (data.Span.SequenceEqual(SseFrame.DoneData))
        {
            if (Facts is { Finished: false, Pieces: 0 })
                throw UpstreamFaults.Cut.ToException();
            // Some servers never give a reason for the end, and mean it all the same.
            Facts.Finished = true;
            End();
            return;
        }

        if (translator is not null)
        {
            translator.TakeEvent(data, output);
            return;
        }

        meter.Take(data.Span);
        if (meter.Fault is { } fault)
            throw fault.ToException();
        if (meter.WasUsageOnly && request.Shape is { AsksUsage: false } && request.Surface == Surface.ChatCompletions)
            return;
        if (request.Surface == Surface.Responses)
            WriteName(data.Span);
        SseFrame.Write(output, data.Span);
    }

    /// <summary>Events of a response have names, which are their types.</summary>
    void WriteName(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = json.ValueTextEquals("type"u8);
            json.Read();
            if (!isType)
            {
                json.Skip();
                continue;
            }

            output.Write("event: "u8);
            output.Write(json.ValueSpan);
            output.Write("\n"u8);
            return;
        }
    }

    void End()
    {
        if (ended)
            return;
        ended = true;
        if (translator is not null)
            translator.End(output);
        else if (request.Surface != Surface.Responses)
            SseFrame.Write(output, SseFrame.DoneData);
    }
}

/// <summary>An answer in one JSON body: read whole, so that a broken one can still be asked for elsewhere.</summary>
internal sealed class WholeReply(RouteTarget target, HttpResponseMessage response, CallWatch watch, DialectRequest request) : UpstreamReply(target, response, watch, request.Surface)
{
    readonly ReplyMeter meter = new(request.Surface);
    readonly IReplyTranslator? translator = target.Dialect.CreateTranslator(request);
    ReadOnlyMemory<byte> body;

    internal override ReplyFacts Facts => translator?.Facts ?? meter.Facts;

    internal override string ContentType => Streamed ? "text/event-stream; charset=utf-8" : "application/json";

    /// <summary>Some servers do not stream whatever they are asked; the caller gets what it asked for.</summary>
    internal override bool Streamed => request is { Surface: Surface.ChatCompletions, Shape.Stream: true };

    internal override async Task<Fault?> BeginAsync(CancellationToken cancel)
    {
        try
        {
            body = await BoundedBody.ReadAsync(Response.Content, MaxWholeBytes, Watch.Token);
            if (translator is not null)
            {
                var output = new ArrayBufferWriter<byte>(Math.Max(256, body.Length));
                translator.TakeWhole(body, output);
                body = output.WrittenMemory;
            }
            else
            {
                meter.TakeWhole(body.Span);
            }

            if (Streamed && meter.Fault is null)
            {
                var events = new ArrayBufferWriter<byte>(body.Length + 256);
                WholeAsStream.Write(body, request.Shape.AsksUsage, events);
                body = events.WrittenMemory;
            }

            return meter.Fault;
        }
        catch (Exception failure) when (FaultOf(failure, cancel) is { } fault)
        {
            return fault;
        }
    }

    internal override async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return body;
        await ValueTask.CompletedTask;
    }
}

/// <summary>An answer that is no JSON, such as audio or a transcript in plain text: passes in pieces as it comes.</summary>
internal sealed class BinaryReply(
    RouteTarget target, HttpResponseMessage response, CallWatch watch, Surface surface, Stream stream, TimeSpan idleTimeout) : UpstreamReply(target, response, watch, surface)
{
    readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
    int length;
    bool disposed;

    internal override ReplyFacts Facts { get; } = new();

    internal override string ContentType { get; } = response.Content.Headers.ContentType?.ToString() ?? "application/octet-stream";

    internal override async Task<Fault?> BeginAsync(CancellationToken cancel)
    {
        try
        {
            length = await stream.ReadAsync(buffer, Watch.Token);
            Watch.Allow(idleTimeout);
            return null;
        }
        catch (Exception failure) when (FaultOf(failure, cancel) is { } fault)
        {
            return fault;
        }
    }

    internal override async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (length > 0)
        {
            Facts.Pieces++;
            Facts.OutputBytes += length;
            yield return buffer.AsMemory(0, length);
            try
            {
                length = await stream.ReadAsync(buffer, Watch.Token);
                Watch.Progress();
            }
            catch (Exception failure) when (FaultOf(failure, cancel) is { } fault)
            {
                throw fault.ToException();
            }
        }

        Facts.Finished = true;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!disposed)
            ArrayPool<byte>.Shared.Return(buffer);
        disposed = true;
        await stream.DisposeAsync();
        await base.DisposeAsync();
    }
}
