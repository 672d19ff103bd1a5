namespace JeanTrail.Kernel.Workers;

/// <summary>How patient a supervisor is with its worker.</summary>
public sealed record WorkerOptions
{
    /// <summary>From the start of the process to its hello.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A worker that says nothing at all for so long hangs, and is killed.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A call that brings nothing for so long hangs, and its worker is killed, even when it still answers pings.</summary>
    public TimeSpan ProgressTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many events and chunks of one call may be unread. The worker waits when they are; 0 lets it go on, and ends a call whose reader
    /// is far too slow.
    /// </summary>
    public int Window { get; init; }

    /// <summary>How long a cancelled call may take to end before its worker is killed.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From the end of stdin to the kill.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The first pause between an end and the next start; it doubles up to <see cref="BackOffMax"/>, ± 25 %.</summary>
    public TimeSpan BackOffMin { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So many ends within <see cref="CrashWindow"/> are a crash loop.</summary>
    public int CrashLimit { get; init; } = 5;

    public TimeSpan CrashWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The pause of a crash loop, and of a worker that refused to start.</summary>
    public TimeSpan CrashLoopPause { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>How many workers, and how many calls may wait for one.</summary>
public sealed record WorkerPoolOptions
{
    public int Workers { get; init; } = 2;

    /// <summary>Calls that one worker handles at the same time.</summary>
    public int CallsPerWorker { get; init; } = 1;

    /// <summary>Calls beyond these are refused with <see cref="WorkerBusyException"/>.</summary>
    public int QueueLimit { get; init; } = 64;

    /// <summary>How long a call waits for a worker before it fails with <see cref="WorkerBusyException"/>.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public WorkerOptions Worker { get; init; } = new();
}
