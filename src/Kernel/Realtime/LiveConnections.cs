using System.Collections.Concurrent;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Realtime;

/// <summary>The live connections of browsers, on all nodes.</summary>
public interface ILiveConnections
{
    /// <summary>
    /// Closes every live connection of a session that was signed out or revoked: here when this returns, on other nodes moments later.
    /// Call it after the revocation is committed.
    /// </summary>
    Task AbortSessionAsync(Guid sessionId, CancellationToken cancel);

    /// <summary>
    /// The same for all that a person has open, with API keys too. They are not kept from connecting again: that they are not let in is told to all nodes
    /// before.
    /// </summary>
    Task AbortPersonAsync(UserId person, CancellationToken cancel);
}

internal sealed partial class LiveConnections : ILiveConnections, ILiveStreams, IDisposable
{
    const string Channel = "kernel.live-abort";
    const string PersonChannel = "kernel.live-abort-person";

    /// <summary>A connection that was authenticated just before the revocation may still be on its way in.</summary>
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(2);

    readonly ConcurrentDictionary<string, (Guid Session, UserId Person, HubCallerContext Context)> open = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<LiveStream, byte> streams = new();
    readonly ConcurrentDictionary<Guid, DateTimeOffset> revoked = new();
    readonly IBroadcast broadcast;
    readonly TimeProvider clock;
    readonly ILogger<LiveConnections> logger;
    readonly IDisposable[] listening;

    public LiveConnections(IBroadcast broadcast, IBroadcastGaps gaps, TimeProvider clock, ILogger<LiveConnections> logger)
    {
        this.logger = logger;
        this.broadcast = broadcast;
        this.clock = clock;
        listening =
        [
            broadcast.Listen(Channel, (payload, _) =>
            {
                if (Guid.TryParse(payload, out var session))
                    AbortHere(session);
                return Task.CompletedTask;
            }),
            broadcast.Listen(PersonChannel, (payload, _) =>
            {
                if (Guid.TryParse(payload, out var person))
                    AbortHere(new UserId(person));
                return Task.CompletedTask;
            }),
            // They ask for each topic again, and get those that are still theirs to hear.
            broadcast.Listen(SharedPlaces.LeftChannel, (payload, _) =>
            {
                var person = SharedPlaces.PersonOf(payload);
                Drop(connection => connection.Person == person);
                return Task.CompletedTask;
            }),
        ];
        gaps.OnGap(_ =>
        {
            // Events and revocations may have been missed.
            Drop(_ => true);
            End(_ => true);
            return Task.CompletedTask;
        });
    }

    internal int Count => open.Count;

    public void Dispose() => Array.ForEach(listening, one => one.Dispose());

    public Task AbortSessionAsync(Guid sessionId, CancellationToken cancel)
    {
        AbortHere(sessionId);
        return SendAsync(Channel, sessionId, cancel);
    }

    public Task AbortPersonAsync(UserId person, CancellationToken cancel)
    {
        AbortHere(person);
        return SendAsync(PersonChannel, person.Value, cancel);
    }

    public LiveStream Open(Caller caller, CancellationToken cancel)
    {
        var stream = new LiveStream(caller, closed => streams.TryRemove(closed, out _), cancel);
        streams.TryAdd(stream, 0);
        // As below.
        if (revoked.ContainsKey(caller.SessionId))
            stream.End();
        return stream;
    }

    async Task SendAsync(string channel, Guid id, CancellationToken cancel)
    {
        try
        {
            await broadcast.SendAsync(channel, id.ToString(), cancel);
        }
        catch (NpgsqlException failure)
        {
            // The session is revoked already: signing out must not fail. The nodes cannot hear each other now, and each drops all its
            // connections when it hears again.
            LogNotSent(logger, failure);
        }
    }

    /// <summary>False when the session was revoked in the meantime.</summary>
    internal bool Add(Guid session, UserId person, HubCallerContext context)
    {
        if (open.TryAdd(context.ConnectionId, (session, person, context)))
            KernelMetrics.LiveConnections.Add(1);

        // Looked at after adding: a revocation either finds the connection or is found here.
        return !revoked.ContainsKey(session);
    }

    internal void Remove(Guid session, UserId person, HubCallerContext context)
    {
        if (open.TryRemove(new(context.ConnectionId, (session, person, context))))
            KernelMetrics.LiveConnections.Add(-1);
    }

    void AbortHere(Guid session)
    {
        var now = clock.GetUtcNow();
        foreach (var (id, at) in revoked)
        {
            if (now - at > Remembered)
                revoked.TryRemove(id, out _);
        }

        revoked[session] = now;
        foreach (var (_, connection) in open)
        {
            if (connection.Session == session)
                connection.Context.Abort();
        }

        End(stream => stream.Session == session);
    }

    void AbortHere(UserId person)
    {
        foreach (var (_, connection) in open)
        {
            if (connection.Person == person)
                connection.Context.Abort();
        }

        End(stream => stream.Person == person);
    }

    void End(Func<LiveStream, bool> which)
    {
        foreach (var stream in streams.Keys.Where(which))
            stream.End();
    }

    /// <summary>
    /// Cutting the transport (not the hub's own close, which tells clients to stay away) makes browsers connect again: they are authenticated
    /// anew and read the present state.
    /// </summary>
    void Drop(Func<(Guid Session, UserId Person, HubCallerContext Context), bool> which)
    {
        foreach (var (_, connection) in open)
        {
            if (which(connection))
                Cut(connection.Context);
        }
    }

    static void Cut(HubCallerContext context)
    {
        try
        {
            // First of all, for the transport tells the hub before it cuts, and the hub may be quick enough to say its own close.
            context.GetHttpContext()?.Abort();
        }
        catch (ObjectDisposedException)
        {
            // It ends at this moment.
        }

        if (context.Features.Get<IConnectionLifetimeFeature>() is { } transport)
            transport.Abort();
        else
            context.Abort();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of a session could not be sent to the other nodes")]
    static partial void LogNotSent(ILogger logger, Exception failure);
}
