using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Workers;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Models.Running;

/// <summary>
/// A process with one engine in it: it is started by the first call and after a crash, notes when it was last used, and says in the module's words why a
/// call failed. Ending it gives all memory back.
/// </summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    readonly WorkerPool pool;
    readonly TimeProvider clock;
    readonly long needBytes;
    long usedAt;
    int running;

    /// <param name="calls">That it handles at the same time.</param>
    /// <param name="window">Unread messages of one call after which it waits.</param>
    /// <param name="needBytes">For the case that it says there is not enough memory.</param>
    internal EngineProcess(WorkerCommand command, int calls, int window, long needBytes, ModelsOptions options, TimeProvider clock, ILogger log)
    {
        (this.clock, this.needBytes) = (clock, needBytes);
        usedAt = clock.GetTimestamp();
        pool = new WorkerPool(
            command,
            new WorkerPoolOptions
            {
                Workers = 1,
                CallsPerWorker = calls,
                QueueLimit = 256,
                QueueTimeout = options.QueueTimeout,
                Worker = new WorkerOptions
                {
                    StartTimeout = TimeSpan.FromMinutes(2),
                    // A computation cannot be broken off; what a call may wait for is one batch of a slow machine.
                    CancelGrace = TimeSpan.FromMinutes(1),
                    ProgressTimeout = TimeSpan.FromMinutes(5),
                    SilenceTimeout = TimeSpan.FromMinutes(1),
                    Window = window,
                },
            },
            clock,
            log);
    }

    internal int Running => Volatile.Read(ref running);

    internal TimeSpan Idle => Running > 0 ? TimeSpan.Zero : clock.GetElapsedTime(Volatile.Read(ref usedAt));

    internal WorkerStatus Status => pool.Workers[0];

    /// <summary>What the process takes now; null while there is none.</summary>
    internal long? ResidentBytes
    {
        get
        {
            try
            {
                if (Status.ProcessId is not { } id)
                    return null;
                using var process = Process.GetProcessById(id);
                return process.WorkingSet64;
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>A request goes in as the bytes that came.</summary>
    internal static byte[] Request(string operation, ReadOnlySpan<byte> body)
        => [.. Encoding.UTF8.GetBytes($"{{\"op\":\"{operation}\",\"body\":"), .. body, (byte)'}'];

    /// <param name="input">What the call is given while it runs; null when it has all it needs.</param>
    /// <exception cref="LocalModelException">It did not answer, or broke off.</exception>
    internal async IAsyncEnumerable<WorkerMessage> CallAsync(
        ReadOnlyMemory<byte> request, IAsyncEnumerable<ReadOnlyMemory<byte>>? input, [EnumeratorCancellation] CancellationToken cancel)
    {
        Interlocked.Increment(ref running);
        try
        {
            await using var messages = pool.FeedAsync(request, input, cancel).GetAsyncEnumerator(cancel);
            while (await MoveAsync(messages))
                yield return messages.Current;
        }
        finally
        {
            Volatile.Write(ref usedAt, clock.GetTimestamp());
            Interlocked.Decrement(ref running);
        }
    }

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    async ValueTask<bool> MoveAsync(IAsyncEnumerator<WorkerMessage> messages)
    {
        try
        {
            return await messages.MoveNextAsync();
        }
        catch (WorkerFailureException failure)
        {
            throw new LocalModelException(
                failure.Code switch
                {
                    "context_too_long" => ModelsErrors.ContextTooLong(failure.Message),
                    "request_invalid" or "not_supported" => ModelsErrors.RequestInvalid(failure.Message),
                    "engine_missing" => ModelsErrors.EngineMissing,
                    "memory" => ModelsErrors.DoesNotFit(needBytes, 0, null),
                    "model_unreadable" => ModelsErrors.Unreadable(failure.Message),
                    _ => ModelsErrors.Lost,
                },
                failure);
        }
        catch (WorkerBusyException busy)
        {
            throw new LocalModelException(ModelsErrors.Busy, busy);
        }
        catch (WorkerUnavailableException unavailable)
        {
            throw new LocalModelException(ModelsErrors.Failing(unavailable.Message), unavailable);
        }
        catch (Exception lost) when (lost is WorkerLostException or ObjectDisposedException)
        {
            throw new LocalModelException(ModelsErrors.Lost, lost);
        }
    }
}
