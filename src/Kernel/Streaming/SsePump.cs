using System.Buffers;
using System.Text.Json;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Streaming;

/// <summary>
/// Moves events from a source to one client. Two loops share the connection under <c>gate</c>: the pump, which awaits the source
/// directly so that an event costs no task and no timer, and a slow beat that sends heartbeats and notices silence.
/// </summary>
internal sealed partial class SsePump : IAsyncDisposable
{
    /// <summary>Events that are ready together are written together up to this size.</summary>
    const int CoalesceBytes = 32 * 1024;

    readonly HttpContext context;
    readonly IAsyncEnumerable<StreamEvent> source;
    readonly SseOptions options;
    readonly TimeProvider clock;
    readonly CancellationToken stopping;
    readonly ILogger logger;
    readonly SseWriter writer;
    readonly SemaphoreSlim gate = new(1, 1);
    readonly CancellationTokenSource idle = new();
    readonly CancellationTokenSource finished = new();
    readonly CancellationTokenSource sourceCancel;
    string lastEvent = "";
    long lastEventAt;
    bool wroteSinceBeat;
    bool ended;
    bool clientGone;

    internal SsePump(
        HttpContext context, IAsyncEnumerable<StreamEvent> source, SseOptions options, JsonSerializerOptions json,
        TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        this.context = context;
        this.source = source;
        this.options = options;
        this.clock = clock;
        this.stopping = stopping;
        this.logger = logger;
        writer = new SseWriter(json);
        lastEventAt = clock.GetTimestamp();
        sourceCancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, idle.Token);
    }

    internal async Task RunAsync()
    {
        StreamMetrics.Open.Add(1);
        var beat = BeatAsync();
        var end = StreamEnd.Source;
        try
        {
            end = await PumpAsync();
        }
        finally
        {
            StreamMetrics.Open.Add(-1);
            StreamMetrics.CountEnd(end);
            await finished.CancelAsync();
            await beat;
        }
    }

    async Task<StreamEnd> PumpAsync()
    {
        try
        {
            var events = source.GetAsyncEnumerator(sourceCancel.Token);
            await using (events)
                await CopyAsync(events);
        }
        catch (Exception failure)
        {
            var (end, error) = Attribute(failure);
            if (end == StreamEnd.Client || await TryEndWithErrorAsync(error))
            {
                if (end == StreamEnd.Source && error.Code == KernelErrors.Unexpected.Code)
                    LogSourceFailed(logger, failure);
                return end;
            }

            // Nothing has been sent yet: the error mapping can still answer with a status.
            if (end is StreamEnd.Shutdown or StreamEnd.Idle)
                throw new ErrorException(error, failure);
            throw;
        }

        if (lastEvent == options.LastEvent || lastEvent == "error")
            return StreamEnd.Completed;
        if (!await TryEndWithErrorAsync(KernelErrors.StreamTruncated))
            throw new ErrorException(KernelErrors.StreamTruncated);
        LogTruncated(logger);
        return StreamEnd.Source;
    }

    async Task CopyAsync(IAsyncEnumerator<StreamEvent> events)
    {
        // CA2012: each move is awaited once; holding it lets an event that is ready at once be taken without a task.
#pragma warning disable CA2012
        ValueTask<bool>? pending = events.MoveNextAsync();
        try
        {
            while (await Take(ref pending))
            {
                await gate.WaitAsync(context.RequestAborted);
                try
                {
                    var count = 0;
                    bool more;
                    do
                    {
                        Append(events.Current);
                        count++;
                        pending = events.MoveNextAsync();
                        // What is ready now leaves in the same write; a slow or failed move is awaited after it.
                        more = writer.Length < CoalesceBytes && pending.Value.IsCompletedSuccessfully && Take(ref pending).Result;
                    }
                    while (more);
                    StreamMetrics.Events.Add(count);
                    await FlushAsync();
                    if (pending is null)
                        return;
                }
                finally
                {
                    gate.Release();
                }
            }
        }
        finally
        {
            // An iterator that is still moving cannot be disposed of: stop it first.
            if (pending is { } move)
                await StopAsync(move);
        }
#pragma warning restore CA2012
    }

    static ValueTask<bool> Take(ref ValueTask<bool>? pending)
    {
        var move = pending!.Value;
        pending = null;
        return move;
    }

    async Task StopAsync(ValueTask<bool> move)
    {
        await sourceCancel.CancelAsync();
        try
        {
            await move;
        }
        catch (Exception failure)
        {
            // The failure that brought us here is the one to report; this one is most often its echo.
            LogStopped(logger, failure);
        }
    }

    void Append(StreamEvent next)
    {
        writer.Write(next);
        lastEvent = next.Event;
        Volatile.Write(ref lastEventAt, clock.GetTimestamp());
    }

    async Task FlushAsync()
    {
        Begin();
        wroteSinceBeat = true;
        var body = context.Response.BodyWriter;
        body.Write(writer.Written);
        writer.Clear();
        var flushed = await body.FlushAsync(context.RequestAborted);
        if (flushed.IsCompleted)
        {
            clientGone = true;
            throw new OperationCanceledException(context.RequestAborted);
        }
    }

    void Begin()
    {
        if (context.Response.HasStarted)
            return;
        var headers = context.Response.Headers;
        context.Response.ContentType = SseResult.MediaType;
        headers.CacheControl = "no-store";
        // nginx buffers proxied answers unless told not to.
        headers["X-Accel-Buffering"] = "no";
    }

    async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(options.Heartbeat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(finished.Token))
            {
                if (clock.GetElapsedTime(Volatile.Read(ref lastEventAt)) >= options.IdleTimeout)
                    await idle.CancelAsync();
                await gate.WaitAsync(finished.Token);
                try
                {
                    if (ended)
                        return;
                    if (!wroteSinceBeat)
                    {
                        writer.WriteComment();
                        await FlushAsync();
                    }

                    wroteSinceBeat = false;
                }
                finally
                {
                    gate.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The stream ended, or the client left, which the pump sees too.
        }
        catch (IOException)
        {
            // The connection broke while writing; RequestAborted tells the pump.
        }
    }

    (StreamEnd End, Error Error) Attribute(Exception failure)
    {
        if (clientGone || context.RequestAborted.IsCancellationRequested)
            return (StreamEnd.Client, KernelErrors.Unexpected);
        if (stopping.IsCancellationRequested)
            return (StreamEnd.Shutdown, KernelErrors.ShuttingDown);
        if (idle.IsCancellationRequested)
            return (StreamEnd.Idle, KernelErrors.StreamIdle);
        return (StreamEnd.Source, ErrorMapping.From(failure));
    }

    /// <summary>False when the response has not begun, so that the failure can be answered with a status instead.</summary>
    async Task<bool> TryEndWithErrorAsync(Error error)
    {
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            ended = true;
            if (!context.Response.HasStarted)
                return false;
            writer.Write(new StreamEvent("error", error.ToProblemDetails()));
            await FlushAsync();
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // The client left meanwhile; there is nobody to tell.
        }
        finally
        {
            gate.Release();
        }

        return true;
    }

    public ValueTask DisposeAsync()
    {
        writer.Dispose();
        sourceCancel.Dispose();
        finished.Dispose();
        idle.Dispose();
        gate.Dispose();
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The source of an event stream was stopped")]
    static partial void LogStopped(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The source of an event stream failed")]
    static partial void LogSourceFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The source of an event stream ended without its last event")]
    static partial void LogTruncated(ILogger logger);
}
