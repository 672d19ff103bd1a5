using JeanTrail.Gateway.Costs;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Tests.Control;

/// <summary>The module's tables without a server: tests stand for the nodes that write into them.</summary>
public sealed class GatewayTables() : DatabaseFixture(new MigrationSource("gateway", typeof(GatewayModule).Assembly));

/// <summary>A node with a ledger of its own, whose time and whose flushes the test commands. Letting go of it is its death.</summary>
sealed class LedgerNode
{
    internal LedgerNode(Db db, FakeClock clock, GatewayOptions? options = null, PriceBook? prices = null)
    {
        Clock = clock;
        Node = NodeIdentity.Create(clock);
        Ledger = new Ledger(db, prices ?? NewPrices(db, clock), Node, Options.Create(options ?? new GatewayOptions()), clock, NullLogger<Ledger>.Instance);
    }

    internal FakeClock Clock { get; }

    internal NodeIdentity Node { get; }

    internal Ledger Ledger { get; }

    internal static PriceBook NewPrices(Db db, FakeClock clock) => new(db, new NodeBroadcast(), clock, NullLogger<PriceBook>.Instance);

    internal Task FlushAsync() => Ledger.FlushAsync(CancellationToken.None);

    internal CallEntry Open(string route = "harbour/pilot", bool answered = true)
    {
        var entry = new CallEntry
        {
            Id = Ids.New(Clock),
            Consumer = new Consumer(new UserId(Guid.CreateVersion7()), "free", Guid.CreateVersion7()),
            Surface = Surface.ChatCompletions,
            Route = route,
            StartedAt = Clock.GetUtcNow(),
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            Streamed = true,
            EstimatedInputTokens = 20,
            ModelId = answered ? route : null,
        };
        Ledger.Open(entry);
        return entry;
    }

    internal void Close(CallEntry entry, string outcome = "completed")
    {
        (entry.Outcome, entry.Status, entry.Total) = (outcome, 200, Clock.GetUtcNow() - entry.StartedAt);
        Ledger.Close(entry);
    }
}

/// <summary>Messages between the nodes of one test, in memory.</summary>
sealed class NodeBroadcast : IBroadcast
{
    readonly Lock gate = new();
    readonly List<(string Channel, Func<string, CancellationToken, Task> Handler)> listeners = [];
    readonly List<Task> hearing = [];

    internal int Sent { get; private set; }

    public Task SendAsync(string channel, string payload, CancellationToken cancel)
    {
        List<(string Channel, Func<string, CancellationToken, Task> Handler)> present;
        lock (gate)
        {
            Sent++;
            present = [.. listeners.Where(listener => listener.Channel == channel)];
        }

        // As over the wire: the sender does not wait for those who listen.
        foreach (var (_, handler) in present)
        {
            var heard = Task.Run(() => handler(payload, CancellationToken.None), CancellationToken.None);
            lock (gate)
                hearing.Add(heard);
        }

        return Task.CompletedTask;
    }

    /// <summary>Completes when all that was sent has been heard, with whatever was sent because of it.</summary>
    internal async Task QuietAsync()
    {
        while (true)
        {
            Task[] open;
            lock (gate)
            {
                hearing.RemoveAll(heard => heard.IsCompleted);
                open = [.. hearing];
            }

            if (open.Length == 0)
                return;
            await Task.WhenAll(open);
        }
    }

    public IDisposable Listen(string channel, Func<string, CancellationToken, Task> handler)
    {
        var listener = (channel, handler);
        lock (gate)
            listeners.Add(listener);
        return new Ending(() =>
        {
            lock (gate)
                listeners.Remove(listener);
        });
    }

    sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
