using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Workers;

/// <summary>One life of a worker: the operating system's process, its reading threads and the calls it is busy with.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    /// <summary>What was written before the end is still read for so long.</summary>
    static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(500);

    readonly Process process;
    readonly WorkerOptions options;
    readonly TimeProvider clock;
    readonly ILogger log;
    readonly string name;
    readonly WorkerChannel channel;

    /// <summary>Never disposed: a late writer may still hold it, and it owns no handle.</summary>
    readonly SemaphoreSlim writing = new(1, 1);

    readonly TaskCompletionSource<ReadOnlyMemory<byte>> hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly WorkerCalls calls;
    int unanswered;

    WorkerProcess(Process process, WorkerChannel channel, string name, WorkerOptions options, TimeProvider clock, ILogger log)
    {
        this.process = process;
        this.channel = channel;
        this.name = name;
        this.options = options;
        this.clock = clock;
        this.log = log;
        calls = new WorkerCalls(clock, options.Window);
        ProcessId = process.Id;
        Read(ReadFrames, "frames");
        Read(() => WorkerErrorOutput.ReadAll(process.StandardError.BaseStream, name, ProcessId, clock, log), "stderr");
        if (channel.IsSocket)
            Read(() => WorkerErrorOutput.ReadAll(process.StandardOutput.BaseStream, name, ProcessId, clock, log), "stdout");
        Ended = WaitForEndAsync();
    }

    public int ProcessId { get; }

    /// <summary>The worker's hello; fails with <see cref="WorkerFailureException"/> when it refused, <see cref="WorkerLostException"/> when it ended.</summary>
    public Task<ReadOnlyMemory<byte>> Hello => hello.Task;

    /// <summary>Why it ended; never fails.</summary>
    public Task<string> Ended { get; }

    /// <summary>No longer to be given calls: it was killed or has exited, which shows here a little earlier than in <see cref="Ended"/>.</summary>
    public bool IsSpent
    {
        get
        {
            try
            {
                return calls.IsDoomed || Ended.IsCompleted || process.HasExited;
            }
            catch (InvalidOperationException)
            {
                // Disposed in this instant, which happens only after the end.
                return true;
            }
        }
    }

    /// <summary>Starts the program. Throws what <see cref="Process.Start()"/> throws.</summary>
    public static WorkerProcess Start(WorkerCommand command, WorkerOptions options, TimeProvider clock, ILogger log)
    {
        var way = new WorkerChannel(command.UsesSocket);
        try
        {
            return new WorkerProcess(WorkerLaunch.Start(command, way), way, command.Name, options, clock, log);
        }
        catch
        {
            way.Dispose();
            throw;
        }
    }

    /// <summary>Hands the worker a call; it must have room for one. Throws <see cref="WorkerLostException"/> when it has just ended.</summary>
    public async Task<WorkerExchange> BeginAsync(ReadOnlyMemory<byte> payload)
    {
        var exchange = calls.Begin();
        if (!await SendAsync(FrameType.Call, exchange.Id, payload))
            throw new WorkerLostException("The worker had ended.") { HadTheCall = false };
        return exchange;
    }

    /// <summary>Tells the worker that <paramref name="count"/> of the call's messages have been read.</summary>
    public async Task CreditAsync(WorkerExchange exchange, uint count)
    {
        var payload = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(payload, count);
        if (!exchange.Finished.IsCompleted)
            await SendAsync(FrameType.Credit, exchange.Id, payload);
    }

    /// <summary>Hands the worker a piece of what belongs to a running call; an empty one is the end. False when it is gone.</summary>
    public Task<bool> InputAsync(WorkerExchange exchange, ReadOnlyMemory<byte> piece)
    {
        exchange.LastProgress = clock.GetTimestamp();
        return SendAsync(FrameType.Input, exchange.Id, piece);
    }

    /// <summary>Ends a call that nobody reads any more; kills the worker when it does not obey.</summary>
    public async Task CancelAsync(WorkerExchange exchange)
    {
        if (exchange.Finished.IsCompleted)
            return;
        await SendAsync(FrameType.Cancel, exchange.Id, default);
        try
        {
            await exchange.Finished.WaitAsync(options.CancelGrace, clock);
        }
        catch (TimeoutException)
        {
            Kill("It did not stop a cancelled call.");
        }
    }

    /// <summary>
    /// Pings, and kills when the worker has been silent or its call without progress for too long. Silence is counted in pings and not
    /// in time, so that a machine that was asleep or stalled does not take its own pause for the worker's.
    /// </summary>
    public async Task CheckAsync()
    {
        var stuck = calls.IsStuck(options.ProgressTimeout);
        if (Interlocked.Increment(ref unanswered) * options.PingInterval > options.SilenceTimeout)
            Kill("It did not answer.");
        else if (stuck)
            Kill("A call made no progress.");
        else
            await SendAsync(FrameType.Ping, 0, default);
    }

    public void Kill(string why)
    {
        calls.Doom(why);
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            WorkerLog.KillFailed(log, error, name, ProcessId);
        }
    }

    /// <summary>Closes stdin, which ends a well-behaved worker, and kills the tree after the grace.</summary>
    public async ValueTask DisposeAsync()
    {
        calls.Doom("Stopped.");
        try
        {
            process.StandardInput.BaseStream.Close();
        }
        catch (IOException)
        {
            // The pipe is broken because the worker has ended, which is what was wanted.
        }
        try
        {
            await Ended.WaitAsync(options.StopGrace, clock);
        }
        catch (TimeoutException)
        {
            Kill("It did not stop.");
            await Ended;
        }
        channel.Dispose();
        process.Dispose();
    }

    /// <summary>False when nobody reads any more; the process is killed then, if it still lives.</summary>
    async Task<bool> SendAsync(FrameType type, uint callId, ReadOnlyMemory<byte> payload)
    {
        var bytes = FrameStream.Encode(type, callId, payload.Span);
        await writing.WaitAsync();
        try
        {
            var input = channel.Input(process);
            await input.WriteAsync(bytes);
            await input.FlushAsync();
            return true;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Kill("It closed its input.");
            return false;
        }
        finally
        {
            writing.Release();
        }
    }

    void ReadFrames()
    {
        try
        {
            using var output = new BufferedStream(channel.OpenOutput(process), 64 * 1024);
            while (FrameStream.Read(output) is { } frame)
                Take(frame);
        }
        catch (FrameException error)
        {
            Kill(error.Message);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or SocketException or OperationCanceledException)
        {
            Kill("Its output broke.");
        }
        drained.TrySetResult();
    }

    void Take(Frame frame)
    {
        Volatile.Write(ref unanswered, 0);
        switch (frame.Type)
        {
            case FrameType.Hello:
                hello.TrySetResult(frame.Payload);
                break;
            case FrameType.Refusal:
                hello.TrySetException(WorkerExchange.ReadFailure(frame.Payload));
                break;
            case FrameType.Event or FrameType.Chunk or FrameType.Result or FrameType.Failure or FrameType.Credit:
                if (calls.Take(frame) is { } why)
                    Kill(why);
                break;
        }
    }

    void Read(Action work, string what) => new Thread(() => work(), 256 * 1024) { IsBackground = true, Name = $"{name} {what}" }.Start();

    async Task<string> WaitForEndAsync()
    {
        await process.WaitForExitAsync();
        channel.EndWaiting();
        await Task.WhenAny(drained.Task, Task.Delay(DrainTime, clock));
        var why = calls.End(() => $"It ended with code {process.ExitCode}.");
        if (hello.TrySetException(new WorkerLostException(why)))
            _ = hello.Task.Exception;
        return why;
    }
}
