using System.Collections.Immutable;
using System.Text;
using System.Threading.Channels;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Realtime;

/// <summary>
/// Messages between nodes over NOTIFY. One connection listens to one PostgreSQL channel; a notification is our channel's name, a space
/// and the payload. While that connection is being made again messages are missed, so listeners that keep state are told of the gap.
/// </summary>
internal sealed partial class PostgresBroadcast(Db db, TimeProvider clock, ILogger<PostgresBroadcast> logger)
    : DatabaseLoop("broadcast", clock, logger), IBroadcast, IBroadcastGaps
{
    /// <summary>Also written into the SQL of those who notify inside a transaction.</summary>
    internal const string PostgresChannel = "jeantrail";

    const int LongestMessage = 7_999; // PostgreSQL refuses 8,000 bytes and more
    const string SendSql = "select pg_notify('jeantrail', @Message)";

    /// <summary>A connection that is silent this long is asked whether it still lives.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    readonly Lock gate = new();
    readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    ImmutableDictionary<string, ImmutableArray<BroadcastListener>> listeners = ImmutableDictionary<string, ImmutableArray<BroadcastListener>>.Empty.WithComparers(StringComparer.Ordinal);
    ImmutableArray<Func<CancellationToken, Task>> gapHandlers = [];
    int tries;

    /// <summary>Completed when this node hears its first messages.</summary>
    internal Task Listening => listening.Task;

    /// <summary>Returns when this node hears messages: what others keep from then on they hear of when it changes. A database that is away is tried once.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await tried.Task.WaitAsync(cancellationToken);
    }

    public Task SendAsync(string channel, string payload, CancellationToken cancel)
    {
        if (channel.Contains(' ', StringComparison.Ordinal))
            throw new ArgumentException("A channel's name holds no space.", nameof(channel));
        var message = payload.Length == 0 ? channel : $"{channel} {payload}";
        if (Encoding.UTF8.GetByteCount(message) > LongestMessage)
            throw new ArgumentException($"A message of more than {LongestMessage} bytes cannot be broadcast.", nameof(payload));
        return db.ExecuteAsync(SendSql, new { Message = message }, cancel);
    }

    public IDisposable Listen(string channel, Func<string, CancellationToken, Task> handler)
    {
        var listener = new BroadcastListener(channel, handler, Remove, Logger);
        lock (gate)
            listeners = listeners.SetItem(channel, listeners.GetValueOrDefault(channel, []).Add(listener));
        return listener;
    }

    public void OnGap(Func<CancellationToken, Task> handler)
    {
        lock (gate)
            gapHandlers = gapHandlers.Add(handler);
    }

    protected override async Task IterateAsync(CancellationToken cancel)
    {
        tries++;
        try
        {
            await using var connection = await db.Source.OpenConnectionAsync(cancel);
            await ListenAsync(connection, cancel);
        }
        finally
        {
            tried.TrySetResult();
        }
    }

    async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        connection.Notification += (_, message) => Receive(message);
        await using (var listen = new NpgsqlCommand($"listen {PostgresChannel}", connection))
            await listen.ExecuteNonQueryAsync(cancel);
        Working();
        listening.TrySetResult();
        tried.TrySetResult();
        if (tries > 1)
        {
            KernelMetrics.BroadcastGaps.Add(1);
            foreach (var handler in gapHandlers)
                await TellAsync(handler, cancel);
        }

        while (true)
        {
            if (await connection.WaitAsync(Silence, cancel))
                continue;
            await using var probe = new NpgsqlCommand("select 1", connection) { CommandTimeout = 10 };
            await probe.ExecuteNonQueryAsync(cancel);
        }
    }

    void Receive(NpgsqlNotificationEventArgs message)
    {
        var space = message.Payload.IndexOf(' ', StringComparison.Ordinal);
        var (channel, payload) = space < 0 ? (message.Payload, "") : (message.Payload[..space], message.Payload[(space + 1)..]);
        foreach (var listener in listeners.GetValueOrDefault(channel, []))
            listener.Receive(payload);
    }

    async Task TellAsync(Func<CancellationToken, Task> handler, CancellationToken cancel)
    {
        try
        {
            await handler(cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            LogGapFailed(Logger, failure);
        }
    }

    void Remove(BroadcastListener listener)
    {
        lock (gate)
        {
            var left = listeners.GetValueOrDefault(listener.Channel, []).Remove(listener);
            listeners = left.IsEmpty ? listeners.Remove(listener.Channel) : listeners.SetItem(listener.Channel, left);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener failed to make good for missed broadcast messages")]
    static partial void LogGapFailed(ILogger logger, Exception failure);
}

/// <summary>Tells that messages of <see cref="IBroadcast"/> may have been missed.</summary>
public interface IBroadcastGaps
{
    /// <summary>Calls <paramref name="handler"/> after each gap, for as long as the process runs.</summary>
    void OnGap(Func<CancellationToken, Task> handler);
}

/// <summary>One listener with a queue of its own, so that a slow one holds up nobody else.</summary>
internal sealed partial class BroadcastListener : IDisposable
{
    const int QueueLength = 512;

    // Full: the oldest message goes. Messages wake or refresh, and a newer one does that as well.
    readonly Channel<string> queue;
    readonly CancellationTokenSource stopping = new();
    readonly Func<string, CancellationToken, Task> handler;
    readonly Action<BroadcastListener> removed;
    readonly ILogger logger;

    internal BroadcastListener(string channel, Func<string, CancellationToken, Task> handler, Action<BroadcastListener> removed, ILogger logger)
    {
        Channel = channel;
        this.handler = handler;
        this.removed = removed;
        this.logger = logger;
        queue = System.Threading.Channels.Channel.CreateBounded<string>(
            new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => KernelMetrics.BroadcastDropped.Add(1, new KeyValuePair<string, object?>("channel", channel)));
        _ = PumpAsync(stopping.Token);
    }

    internal string Channel { get; }

    internal void Receive(string payload) => queue.Writer.TryWrite(payload);

    public void Dispose()
    {
        removed(this);
        stopping.Cancel();
    }

    async Task PumpAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var payload in queue.Reader.ReadAllAsync(cancel))
                await HandleAsync(payload, cancel);
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    async Task HandleAsync(string payload, CancellationToken cancel)
    {
        try
        {
            await handler(payload, cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            LogFailed(logger, failure, Channel);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener of {Channel} failed on one message")]
    static partial void LogFailed(ILogger logger, Exception failure, string channel);
}
