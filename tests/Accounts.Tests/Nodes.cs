using JeanTrail.Kernel.Leases;
using JeanTrail.Kernel.Realtime;

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
}

sealed class HeldElsewhere : ILeases
{
    public Task<ILease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancel) => Task.FromResult<ILease?>(null);
}
