using System.ComponentModel;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Workers;

/// <summary>A look at one worker.</summary>
/// <param name="ProcessId">Null while there is no process.</param>
/// <param name="Starts">How often it was started.</param>
/// <param name="Detail">Why it is not ready, for a person; null when it is.</param>
public sealed record WorkerStatus(WorkerState State, int? ProcessId, int Starts, string? Detail);

/// <summary>
/// Keeps one worker process alive: starts it, waits for its hello, pings it, and starts it again when it ends, with growing pauses.
/// Disposing stops it gracefully, then by force. A worker outlives its server by no more than the end of its stdin.
/// </summary>
public sealed class WorkerSupervisor : IAsyncDisposable
{
    readonly WorkerCommand command;
    readonly WorkerOptions options;
    readonly TimeProvider clock;
    readonly ILogger log;
    readonly Action<WorkerSupervisor>? changed;
    readonly CancellationTokenSource stopping = new();
    readonly Queue<long> endings = new();
    readonly Lock gate = new();
    WorkerProcess? process;
    Task? running;
    int starts;
    int failures;

    /// <param name="changed">Called after each change of state, on any thread; must be quick.</param>
    public WorkerSupervisor(WorkerCommand command, WorkerOptions options, TimeProvider clock, ILogger log, Action<WorkerSupervisor>? changed = null)
    {
        this.command = command;
        this.options = options;
        this.clock = clock;
        this.log = log;
        this.changed = changed;
    }

    public WorkerState State { get; private set; } = WorkerState.Stopped;

    /// <summary>The JSON of the last hello; empty before the first.</summary>
    public ReadOnlyMemory<byte> Hello { get; private set; }

    /// <summary>True when the worker itself said that it cannot work here.</summary>
    public bool Refused { get; private set; }

    /// <summary>Whether <see cref="Start"/> was called.</summary>
    public bool IsStarted => running is not null;

    public WorkerStatus Status
    {
        get
        {
            lock (gate)
                return new WorkerStatus(State, process?.ProcessId, starts, State == WorkerState.Ready ? null : Detail);
        }
    }

    string? Detail { get; set; }

    /// <summary>Begins to supervise; later calls do nothing.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (running is not null || stopping.IsCancellationRequested)
                return;
            State = WorkerState.Starting;
            running = Task.Run(RunAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task? run;
        lock (gate)
            run = running;
        if (!stopping.IsCancellationRequested)
            await stopping.CancelAsync();
        if (run is not null)
            await run;
        stopping.Dispose();
    }

    /// <summary>The living process when it is ready, for the pool.</summary>
    internal WorkerProcess? Current
    {
        get
        {
            lock (gate)
                return State == WorkerState.Ready ? process : null;
        }
    }

    async Task RunAsync()
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                Set(WorkerState.Starting, null, "It is being started.");
                var (reason, processId) = await LiveAsync();
                if (stopping.IsCancellationRequested)
                    break;
                WorkerMeter.Ends.Add(1, WorkerMeter.Tag(command.Name));
                await PauseAsync(reason, processId);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The pause between two lives was cut short by the stop.
        }
        catch (Exception error)
        {
            WorkerLog.SupervisorFailed(log, error, command.Name);
            throw;
        }
        finally
        {
            Set(WorkerState.Stopped, null, "It was stopped.");
        }
    }

    /// <summary>One life, from start to end.</summary>
    async Task<(string Reason, int? ProcessId)> LiveAsync()
    {
        var startedAt = clock.GetTimestamp();
        Refused = false;
        WorkerProcess life;
        try
        {
            life = WorkerProcess.Start(command, options, clock, log);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
        {
            Refused = true;
            return ($"{command.FileName} could not be started: {error.Message}", null);
        }
        WorkerMeter.Starts.Add(1, WorkerMeter.Tag(command.Name));
        await using (life)
        {
            lock (gate)
                starts++;
            try
            {
                Hello = await life.Hello.WaitAsync(options.StartTimeout, clock, stopping.Token);
            }
            catch (TimeoutException)
            {
                life.Kill("It was not ready in time.");
                return (await life.Ended, life.ProcessId);
            }
            catch (WorkerFailureException refusal)
            {
                Refused = true;
                return (refusal.Message, life.ProcessId);
            }
            catch (WorkerLostException)
            {
                return (await life.Ended, life.ProcessId);
            }
            WorkerLog.Ready(log, command.Name, life.ProcessId, clock.GetElapsedTime(startedAt).TotalMilliseconds);
            Set(WorkerState.Ready, life, null);
            var readyAt = clock.GetTimestamp();
            await WatchAsync(life);
            if (clock.GetElapsedTime(readyAt) > options.CrashWindow)
                failures = 0;
            return (life.Ended.IsCompleted ? await life.Ended : "", life.ProcessId);
        }
    }

    async Task WatchAsync(WorkerProcess life)
    {
        while (!life.Ended.IsCompleted)
        {
            var tick = Task.Delay(options.PingInterval, clock, stopping.Token);
            if (await Task.WhenAny(life.Ended, tick) != tick)
                return;
            if (stopping.IsCancellationRequested)
                return;
            await life.CheckAsync();
        }
    }

    async Task PauseAsync(string reason, int? processId)
    {
        var now = clock.GetTimestamp();
        endings.Enqueue(now);
        while (clock.GetElapsedTime(endings.Peek(), now) > options.CrashWindow)
            endings.Dequeue();
        TimeSpan pause;
        if (Refused || endings.Count >= options.CrashLimit)
        {
            endings.Clear();
            failures = 0;
            pause = options.CrashLoopPause;
            WorkerLog.LongPause(log, command.Name, reason, pause.TotalMilliseconds);
            Set(WorkerState.CrashLoop, null, reason);
        }
        else
        {
            pause = BackOff(failures++);
            WorkerLog.Ended(log, command.Name, processId, reason, pause.TotalMilliseconds);
            Set(WorkerState.BackingOff, null, reason);
        }
        await Task.Delay(pause, clock, stopping.Token);
    }

    TimeSpan BackOff(int failed)
    {
        var pause = Math.Min(options.BackOffMin.TotalMilliseconds * Math.Pow(2, Math.Min(failed, 30)), options.BackOffMax.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(pause * (0.75 + Random.Shared.NextDouble() / 2));
    }

    void Set(WorkerState state, WorkerProcess? life, string? detail)
    {
        lock (gate)
            (State, process, Detail) = (state, life, detail);
        changed?.Invoke(this);
    }
}
