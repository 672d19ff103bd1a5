using System.Collections.Concurrent;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Tests.Messaging;

namespace JeanTrail.Kernel.Tests.Jobs;

internal sealed record Work(int Number);

/// <summary>What the handlers of one node did.</summary>
internal sealed class Journal
{
    internal ConcurrentQueue<(int Number, int Attempt)> Runs { get; } = new();

    internal ConcurrentQueue<int> Cancelled { get; } = new();

    internal int Failures { get; set; }

    internal int Most;

    int running;

    internal void Enter()
    {
        var now = Interlocked.Increment(ref running);
        int most;
        while ((most = Volatile.Read(ref Most)) < now && Interlocked.CompareExchange(ref Most, now, most) != most)
        {
        }
    }

    internal void Leave() => Interlocked.Decrement(ref running);
}

internal sealed class Plain(Journal journal) : IJobHandler<Work>
{
    public static string Kind => "test.plain";

    public async Task RunAsync(Work arguments, JobContext context, CancellationToken cancel)
    {
        journal.Runs.Enqueue((arguments.Number, context.Attempt));
        await context.ReportAsync(0.5, "half", cancel);
        if (journal.Failures-- > 0)
            throw new InvalidOperationException("not today");
    }
}

internal sealed class Refusing : IJobHandler<Work>
{
    public static string Kind => "test.refusing";

    public Task RunAsync(Work arguments, JobContext context, CancellationToken cancel)
        => throw new JobFailedException(new Error("test.no_such_file", 404, "The file is gone."));
}

/// <summary>Waits at the gate; listens to its token.</summary>
internal sealed class Waiting(Journal journal, Gate gate) : IJobHandler<Work>
{
    public static string Kind => "test.waiting";

    public async Task RunAsync(Work arguments, JobContext context, CancellationToken cancel)
    {
        journal.Runs.Enqueue((arguments.Number, context.Attempt));
        journal.Enter();
        try
        {
            await gate.PassAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            journal.Cancelled.Enqueue(arguments.Number);
            throw;
        }
        finally
        {
            journal.Leave();
        }
    }
}

/// <summary>Reports several times at once and then waits.</summary>
internal sealed class Reporting(Gate gate) : IJobHandler<Work>
{
    public static string Kind => "test.reporting";

    public async Task RunAsync(Work arguments, JobContext context, CancellationToken cancel)
    {
        await context.ReportAsync(0.1, "one", cancel);
        await context.ReportAsync(0.2, "two", cancel);
        await context.ReportAsync(0.3, "three", cancel);
        await gate.PassAsync(cancel);
    }
}
