using System.Collections.Concurrent;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Leases;
using JeanTrail.Kernel.Mail;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Options;

namespace JeanTrail.Accounts.Tests;

/// <summary>The messages between the nodes of a test's installation.</summary>
sealed class NodeLink
{
    readonly Lock gate = new();
    readonly List<(string Channel, Func<string, CancellationToken, Task> Handler)> listeners = [];

    public async Task SendAsync(string channel, string payload, CancellationToken cancel)
    {
        Func<string, CancellationToken, Task>[] handlers;
        lock (gate)
            handlers = [.. listeners.Where(listener => listener.Channel == channel).Select(listener => listener.Handler)];
        foreach (var handler in handlers)
            await handler(payload, cancel);
    }

    public IDisposable Listen(string channel, Func<string, CancellationToken, Task> handler)
    {
        lock (gate)
            listeners.Add((channel, handler));
        return new Listening(this, handler);
    }

    sealed class Listening(NodeLink link, Func<string, CancellationToken, Task> handler) : IDisposable
    {
        public void Dispose()
        {
            lock (link.gate)
                link.listeners.RemoveAll(listener => listener.Handler == handler);
        }
    }
}

sealed class LinkBroadcast(NodeLink link) : IBroadcast
{
    public Task SendAsync(string channel, string payload, CancellationToken cancel) => link.SendAsync(channel, payload, cancel);

    public IDisposable Listen(string channel, Func<string, CancellationToken, Task> handler) => link.Listen(channel, handler);
}

/// <summary>Remembers what other modules are told. The Kernel's outbox has tests of its own.</summary>
sealed class ToldEvents : IOutbox
{
    readonly ConcurrentQueue<object> told = new();

    public IReadOnlyCollection<object> All => told;

    public Task PublishAsync<TEvent>(IDbSession transaction, TEvent message, CancellationToken cancel)
        where TEvent : IEvent
    {
        told.Enqueue(message);
        return Task.CompletedTask;
    }
}

/// <summary>Remembers whose live connections were closed.</summary>
sealed class ClosedConnections : ILiveConnections
{
    readonly Lock gate = new();
    readonly List<Guid> sessions = [];

    public IReadOnlyList<Guid> Sessions
    {
        get
        {
            lock (gate)
                return [.. sessions];
        }
    }

    public void Clear()
    {
        lock (gate)
            sessions.Clear();
    }

    public Task AbortSessionAsync(Guid sessionId, CancellationToken cancel)
    {
        lock (gate)
            sessions.Add(sessionId);
        return Task.CompletedTask;
    }

    public Task AbortPersonAsync(UserId person, CancellationToken cancel) => Task.CompletedTask;
}

sealed class HeldElsewhere : ILeases
{
    public Task<ILease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancel) => Task.FromResult<ILease?>(null);
}

/// <summary>The real one, which tells while a letter is on its way.</summary>
sealed class WatchedTransport(IOptions<MailOptions> options) : IMailTransport
{
    readonly SmtpTransport inner = new(options);
    int underway;

    public bool Busy => Volatile.Read(ref underway) > 0;

    public async Task SendAsync(OutgoingLetter letter, CancellationToken cancel)
    {
        Interlocked.Increment(ref underway);
        try
        {
            await inner.SendAsync(letter, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref underway);
        }
    }
}

/// <summary>The gateway's books, as the test wrote them.</summary>
sealed class ScriptedBooks : IModelUsage
{
    public List<(UserId User, ModelUsageDay Day)> Calls { get; } = [];

    public Task<IReadOnlyList<ModelUsageDay>> ByDayAsync(UserId user, DateTimeOffset from, CancellationToken cancel)
        => Task.FromResult<IReadOnlyList<ModelUsageDay>>([.. Calls.Where(call => call.User == user && call.Day.Day >= from).Select(call => call.Day)]);

    public Task<IReadOnlyList<ModelUsageTotal>> TotalsAsync(IReadOnlyDictionary<UserId, DateTimeOffset> since, CancellationToken cancel)
        => Task.FromResult<IReadOnlyList<ModelUsageTotal>>(
            [
                .. Calls.Where(call => since.TryGetValue(call.User, out var from) && call.Day.Day >= from).GroupBy(call => call.User).Select(calls => new ModelUsageTotal(
                    calls.Key, calls.Sum(call => call.Day.Calls), calls.Sum(call => call.Day.InputTokens), calls.Sum(call => call.Day.OutputTokens), calls.Sum(call => call.Day.CostMicros))),
            ]);
}
