using System.Collections.Concurrent;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Messaging;

namespace JeanTrail.Kernel.Tests.Messaging;

internal sealed record Counted(int Number) : IEvent
{
    public static string EventName => "test.counted.v1";
}

internal sealed record Told(int Number) : IEvent
{
    public static string EventName => "test.told.v1";
}

/// <summary>Leaves a row in <c>public.effect</c> through the transaction it is given.</summary>
internal abstract class Recording(string consumer)
{
    protected Task AddAsync(Tx transaction, int number, EventContext context, CancellationToken cancel)
        => transaction.ExecuteAsync("insert into public.effect values (@consumer, @number, @EventId)", new { consumer, number, context.EventId }, cancel);
}

internal sealed class First() : Recording("test.first"), IEventConsumer<Counted>
{
    public Task HandleAsync(Counted message, EventContext context, Tx transaction, CancellationToken cancel)
        => AddAsync(transaction, message.Number, context, cancel);
}

internal sealed class Second() : Recording("test.second"), IEventConsumer<Counted>
{
    public Task HandleAsync(Counted message, EventContext context, Tx transaction, CancellationToken cancel)
        => AddAsync(transaction, message.Number, context, cancel);
}

internal sealed class Other() : Recording("test.other"), IEventConsumer<Told>
{
    public Task HandleAsync(Told message, EventContext context, Tx transaction, CancellationToken cancel)
        => AddAsync(transaction, message.Number, context, cancel);
}

/// <summary>Writes its effect and then waits at the gate, with the transaction open.</summary>
internal sealed class Gated(Gate gate) : Recording("test.gated"), IEventConsumer<Counted>
{
    public async Task HandleAsync(Counted message, EventContext context, Tx transaction, CancellationToken cancel)
    {
        await AddAsync(transaction, message.Number, context, cancel);
        await gate.PassAsync(cancel);
    }
}

internal sealed class Flaky(Failing failing, TimeProvider clock) : Recording("test.flaky"), IEventConsumer<Counted>
{
    public async Task HandleAsync(Counted message, EventContext context, Tx transaction, CancellationToken cancel)
    {
        failing.Attempts.Enqueue(context.Attempt);
        failing.At.Enqueue(clock.GetUtcNow());
        await AddAsync(transaction, message.Number, context, cancel);
        if (failing.Left > 0)
        {
            failing.Left--;
            throw new InvalidOperationException("not today");
        }
    }
}

internal sealed class BadSql : IEventConsumer<Counted>
{
    public Task HandleAsync(Counted message, EventContext context, Tx transaction, CancellationToken cancel)
        => transaction.ExecuteAsync("select 1 / 0", null, cancel);
}

internal sealed class Failing
{
    internal int Left { get; set; }

    internal ConcurrentQueue<int> Attempts { get; } = new();

    internal ConcurrentQueue<DateTimeOffset> At { get; } = new();
}

/// <summary>Holds whoever comes until it is opened, and tells that somebody came.</summary>
internal sealed class Gate
{
    readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal bool Closed { get; init; }

    internal Task Entered => entered.Task;

    internal void Open() => opened.TrySetResult();

    internal async Task PassAsync(CancellationToken cancel)
    {
        entered.TrySetResult();
        if (Closed)
            await opened.Task.WaitAsync(cancel);
    }
}
