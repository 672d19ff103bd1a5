using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Gateway.Writing;

/// <summary>
/// Writes what no caller should wait for, in batches and in order. What does not fit into the queue, or cannot be written, is dropped and
/// counted: only for things that may be lost. On an orderly stop the queue is written to its end.
/// </summary>
/// <param name="name">As metrics and logs call it.</param>
/// <param name="maxBytes">Of all that waits.</param>
internal sealed partial class WriteBehind<T>(string name, long maxBytes, Func<IReadOnlyList<T>, CancellationToken, Task> write, ILogger logger) : IHostedService
    where T : class
{
    const int MaxItems = 4096;
    const int MaxBatch = 128;

    /// <summary>For one batch.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Full: the newest is dropped, for what waits is older and as good.
    readonly Channel<Item> queue = Channel.CreateBounded<Item>(new BoundedChannelOptions(MaxItems) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    long waitingBytes;
    Task working = Task.CompletedTask;

    /// <summary>Never waits. False when it was dropped.</summary>
    internal bool TryAdd(T value, long sizeBytes)
    {
        if (Interlocked.Add(ref waitingBytes, sizeBytes) <= maxBytes && queue.Writer.TryWrite(new Item(value, sizeBytes, null)))
        {
            GatewayTelemetry.WriteWaits(name, 1);
            return true;
        }

        Interlocked.Add(ref waitingBytes, -sizeBytes);
        GatewayTelemetry.WriteDropped(name, 1);
        return false;
    }

    /// <summary>Completes when everything that was added before is written or dropped.</summary>
    internal async Task FlushAsync(CancellationToken cancel)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.Writer.WriteAsync(new Item(null, 0, reached), cancel);
        await reached.Task.WaitAsync(cancel);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        working = Task.Run(WorkAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await working.WaitAsync(cancellationToken);
    }

    async Task WorkAsync()
    {
        var batch = new List<T>(MaxBatch);
        while (await queue.Reader.WaitToReadAsync())
        {
            TaskCompletionSource? reached = null;
            long sizeBytes = 0;
            while (reached is null && batch.Count < MaxBatch && queue.Reader.TryRead(out var item))
            {
                if (item.Value is { } value)
                    batch.Add(value);
                sizeBytes += item.SizeBytes;
                reached = item.Reached;
            }

            await WriteAsync(batch);
            GatewayTelemetry.WriteWaits(name, -batch.Count);
            Interlocked.Add(ref waitingBytes, -sizeBytes);
            batch.Clear();
            reached?.TrySetResult();
        }
    }

    async Task WriteAsync(List<T> batch)
    {
        if (batch.Count == 0)
            return;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await write(batch, patience.Token);
        }
        catch (Exception failure)
        {
            // Whatever it was: the queue must go on, and nobody waits for this.
            GatewayTelemetry.WriteDropped(name, batch.Count);
            LogLost(logger, failure, batch.Count, name);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} entries of {Name} could not be written")]
    static partial void LogLost(ILogger logger, Exception failure, int count, string name);

    readonly record struct Item(T? Value, long SizeBytes, TaskCompletionSource? Reached);
}
