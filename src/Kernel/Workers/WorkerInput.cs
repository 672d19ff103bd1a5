using System.Runtime.ExceptionServices;

namespace JeanTrail.Kernel.Workers;

/// <summary>Carries what a caller has still to say to a call that runs, as fast as the worker takes it. Disposing stops it.</summary>
internal sealed class WorkerInput : IAsyncDisposable
{
    /// <summary>Longer pieces go in several frames, so that answers to pings and other calls are not held up.</summary>
    const int MaxFrameBytes = 256 * 1024;

    readonly CancellationTokenSource failed;
    readonly CancellationTokenSource stopping;
    readonly Task pumping;

    public WorkerInput(WorkerProcess process, WorkerExchange exchange, IAsyncEnumerable<ReadOnlyMemory<byte>> input, CancellationToken cancel)
    {
        failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        pumping = Task.Run(() => PumpAsync(process, exchange, input, stopping.Token), CancellationToken.None);
    }

    /// <summary>Cancelled when the caller cancels, or the input broke.</summary>
    public CancellationToken Failed => failed.Token;

    /// <summary>Why the input broke; null while it did not.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await pumping;
        stopping.Dispose();
        failed.Dispose();
    }

    async Task PumpAsync(WorkerProcess process, WorkerExchange exchange, IAsyncEnumerable<ReadOnlyMemory<byte>> input, CancellationToken cancel)
    {
        try
        {
            await using var pieces = input.GetAsyncEnumerator(cancel);
            while (await NextAsync(pieces, exchange))
            {
                for (var rest = pieces.Current; rest.Length > 0; rest = rest[Math.Min(rest.Length, MaxFrameBytes)..])
                {
                    await exchange.InputRoomAsync(cancel);
                    if (!await process.InputAsync(exchange, rest[..Math.Min(rest.Length, MaxFrameBytes)]))
                        return;
                }
            }

            await process.InputAsync(exchange, default);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Nobody waits for the rest any more.
        }
        catch (Exception failure)
        {
            Failure = ExceptionDispatchInfo.Capture(failure);
            await failed.CancelAsync();
        }
    }

    static async ValueTask<bool> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> pieces, WorkerExchange exchange)
    {
        exchange.AwaitsInput = true;
        var next = await pieces.MoveNextAsync();
        exchange.AwaitsInput = false;
        return next;
    }
}
