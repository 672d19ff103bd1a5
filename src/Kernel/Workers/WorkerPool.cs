using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Workers;

/// <summary>
/// Several equal workers, each busy with as many calls at a time as it can take. Workers are started as calls ask for them. Calls wait in a
/// bounded queue, first come first served. A call whose worker dies before it has answered anything is given to another worker, once.
/// </summary>
public sealed class WorkerPool : IAsyncDisposable
{
    readonly WorkerSupervisor[] workers;
    readonly WorkerPoolOptions options;
    readonly WorkerCommand command;
    readonly TimeProvider clock;
    readonly ILogger log;
    readonly Lock gate = new();
    readonly List<WorkerProcess> idle = [];
    readonly LinkedList<TaskCompletionSource<WorkerProcess>> waiting = [];
    bool disposed;

    public WorkerPool(WorkerCommand command, WorkerPoolOptions options, TimeProvider clock, ILogger log)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.command = command;
        this.options = options;
        this.clock = clock;
        this.log = log;
        workers = [.. Enumerable.Range(0, options.Workers).Select(_ => new WorkerSupervisor(command, options.Worker, clock, log, Changed))];
    }

    /// <summary>Every worker, started or not.</summary>
    public IReadOnlyList<WorkerStatus> Workers => [.. workers.Select(worker => worker.Status)];

    /// <summary>The JSON with which a worker introduced itself last; empty before the first.</summary>
    public ReadOnlyMemory<byte> Hello => Array.Find(workers, worker => !worker.Hello.IsEmpty)?.Hello ?? default;

    /// <summary>Why no worker can be had, in a sentence for a person; null when one can or may soon.</summary>
    public string? Unavailable
    {
        get
        {
            lock (gate)
                return FindUnavailable();
        }
    }

    /// <summary>Starts the first worker and returns when it is ready. Throws <see cref="WorkerUnavailableException"/>.</summary>
    public async Task WarmAsync(CancellationToken cancel) => Offer(await RentAsync(cancel));

    /// <summary>
    /// Runs a call and gives its messages as they come; the last one is the result. Leaving the loop or cancelling stops the worker's
    /// work at once. Throws <see cref="WorkerBusyException"/>, <see cref="WorkerUnavailableException"/>, <see cref="WorkerFailureException"/>
    /// (the worker said no) or <see cref="WorkerLostException"/> (it died).
    /// </summary>
    public IAsyncEnumerable<WorkerMessage> CallAsync(ReadOnlyMemory<byte> request, CancellationToken cancel = default) => FeedAsync(request, input: null, cancel);

    /// <summary>As <see cref="CallAsync"/>, and gives the worker more of the call while it runs. A call that has begun so is not given to another worker.</summary>
    /// <param name="input">Read no further ahead than the worker can follow; it must honour the cancellation of its enumerator. What it throws ends the call.</param>
    public async IAsyncEnumerable<WorkerMessage> FeedAsync(
        ReadOnlyMemory<byte> request, IAsyncEnumerable<ReadOnlyMemory<byte>>? input, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var process = await RentAsync(cancel);
            WorkerExchange? exchange = null;
            WorkerInput? feed = null;
            var delivered = false;
            var startedAt = clock.GetTimestamp();
            try
            {
                while (true)
                {
                    try
                    {
                        exchange ??= await process.BeginAsync(request);
                        if (input is not null)
                            feed ??= new WorkerInput(process, exchange, input, cancel);
                        if (!await exchange.Messages.WaitToReadAsync(feed?.Failed ?? cancel))
                            yield break;
                    }
                    catch (OperationCanceledException) when (feed?.Failure is { } failure)
                    {
                        failure.Throw();
                    }
                    catch (WorkerLostException lost) when (!delivered && feed is null && (attempt == 1 || !lost.HadTheCall))
                    {
                        if (!lost.HadTheCall)
                            attempt--;
                        WorkerMeter.Retries.Add(1, WorkerMeter.Tag(command.Name));
                        break;
                    }
                    while (exchange.Messages.TryRead(out var message))
                    {
                        delivered = true;
                        yield return message;
                        if (exchange.NoteRead() is > 0 and var credit)
                            await process.CreditAsync(exchange, credit);
                    }
                }
            }
            finally
            {
                WorkerMeter.Duration.Record(clock.GetElapsedTime(startedAt).TotalMilliseconds, WorkerMeter.Tag(command.Name));
                GiveBack(process, exchange);
                if (feed is not null)
                    await feed.DisposeAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            disposed = true;
            FailWaiting("The server is stopping.");
        }
        await Task.WhenAll(workers.Select(worker => worker.DisposeAsync().AsTask()));
    }

    async Task<WorkerProcess> RentAsync(CancellationToken cancel)
    {
        var ticket = new TaskCompletionSource<WorkerProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            idle.RemoveAll(process => process.IsSpent);
            if (idle.Count > 0)
            {
                var warmest = idle[^1];
                idle.RemoveAt(idle.Count - 1);
                return warmest;
            }
            if (FindUnavailable() is { } why)
                throw new WorkerUnavailableException(why);
            if (waiting.Count >= options.QueueLimit)
            {
                WorkerMeter.Rejections.Add(1, WorkerMeter.Tag(command.Name));
                throw new WorkerBusyException("Too many requests are waiting. Try again in a moment.");
            }
            waiting.AddLast(ticket);
            WorkerMeter.Waiting.Add(1, WorkerMeter.Tag(command.Name));
            Array.Find(workers, worker => !worker.IsStarted)?.Start();
        }
        try
        {
            return await ticket.Task.WaitAsync(options.QueueTimeout, clock, cancel);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException)
        {
            // The worker may have been handed over in the same instant: pass it on.
            lock (gate)
                waiting.Remove(ticket);
            if (!ticket.TrySetCanceled(CancellationToken.None) && ticket.Task.IsCompletedSuccessfully)
                Offer(await ticket.Task);
            if (error is TimeoutException)
                throw new WorkerBusyException("No worker became free in time. Try again in a moment.");
            throw;
        }
        finally
        {
            WorkerMeter.Waiting.Add(-1, WorkerMeter.Tag(command.Name));
        }
    }

    void GiveBack(WorkerProcess process, WorkerExchange? exchange)
    {
        if (exchange is null || exchange.Finished.IsCompleted)
            Offer(process);
        else
            _ = ReclaimAsync(process, exchange);
    }

    /// <summary>Runs on its own: whoever gave the call up does not wait for the worker to notice.</summary>
    async Task ReclaimAsync(WorkerProcess process, WorkerExchange exchange)
    {
        try
        {
            await process.CancelAsync(exchange);
        }
        catch (Exception error)
        {
            WorkerLog.SupervisorFailed(log, error, command.Name);
            process.Kill("Its call could not be cancelled.");
        }
        Offer(process);
    }

    /// <summary>
    /// Gives a free worker to whoever waits longest. What is passed around is one life of a worker: each is offered when it gets ready, as
    /// many times as it takes calls, has no more holders than that, and is dropped when it has ended.
    /// </summary>
    void Offer(WorkerProcess process)
    {
        lock (gate)
        {
            if (process.IsSpent)
                return;
            while (waiting.First is { } first)
            {
                waiting.RemoveFirst();
                if (first.Value.TrySetResult(process))
                    return;
            }
            idle.Add(process);
        }
    }

    void Changed(WorkerSupervisor worker)
    {
        if (worker.Current is { } ready)
        {
            for (var place = 0; place < options.CallsPerWorker; place++)
                Offer(ready);
        }
        else
        {
            lock (gate)
            {
                if (FindUnavailable() is { } why)
                    FailWaiting(why);
            }
        }
    }

    void FailWaiting(string why)
    {
        foreach (var ticket in waiting)
            ticket.TrySetException(new WorkerUnavailableException(why));
        waiting.Clear();
    }

    /// <summary>All started workers are in a crash loop, and no fresh one could do better.</summary>
    string? FindUnavailable()
    {
        if (disposed)
            return "The server is stopping.";
        var started = workers.Where(worker => worker.IsStarted).ToArray();
        if (started.Length == 0 || !started.All(worker => worker.State is WorkerState.CrashLoop or WorkerState.Stopped))
            return null;
        return started.Length == workers.Length || started.Any(worker => worker.Refused) ? started[0].Status.Detail ?? "The worker cannot be started." : null;
    }
}
