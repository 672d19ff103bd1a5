using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Kernel.Caching;

/// <summary>Least recently used values go first when the cache is full.</summary>
internal sealed partial class MemoryCache : ICache, IDisposable
{
    const string Channel = "kernel.cache";
    const int LongestKey = 1_000;

    readonly Lock gate = new();
    readonly Dictionary<string, LinkedListNode<Entry>> entries = new(StringComparer.Ordinal);
    readonly LinkedList<Entry> recent = new();
    readonly Dictionary<string, CacheFlight> flights = new(StringComparer.Ordinal);
    readonly CacheOptions options;
    readonly NodeIdentity node;
    readonly IBroadcast broadcast;
    readonly TimeProvider clock;
    readonly ILogger<MemoryCache> logger;
    readonly IDisposable listening;
    long bytes;

    public MemoryCache(
        IOptions<CacheOptions> options, NodeIdentity node, IBroadcast broadcast, IBroadcastGaps gaps, TimeProvider clock, ILogger<MemoryCache> logger)
    {
        this.options = options.Value;
        this.node = node;
        this.broadcast = broadcast;
        this.clock = clock;
        this.logger = logger;
        listening = broadcast.Listen(Channel, (payload, _) =>
        {
            var space = payload.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && payload[..space] != node.Id.ToString())
                Forget(payload[(space + 1)..]);
            return Task.CompletedTask;
        });

        // Invalidations may have been among the missed messages.
        gaps.OnGap(_ =>
        {
            Clear();
            return Task.CompletedTask;
        });
    }

    internal int Count
    {
        get
        {
            lock (gate)
                return entries.Count;
        }
    }

    public void Dispose() => listening.Dispose();

    public async Task<T> GetOrAddAsync<T>(string key, TimeSpan ttl, Func<CancellationToken, Task<T>> factory, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, LongestKey, nameof(key));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        cancel.ThrowIfCancellationRequested();
        CacheFlight flight;
        bool starts;
        lock (gate)
        {
            if (TryGet(key, out var value))
            {
                KernelMetrics.CacheRequests.Add(1, new KeyValuePair<string, object?>("outcome", "hit"));
                return (T)value!;
            }

            starts = !flights.TryGetValue(key, out flight!) || !flight.TryJoin();
            if (starts)
                flights[key] = flight = new CacheFlight();
        }

        KernelMetrics.CacheRequests.Add(1, new KeyValuePair<string, object?>("outcome", starts ? "miss" : "joined"));
        if (starts)
            _ = flight.RunAsync(async token => await factory(token), value => Landed(key, ttl, flight, value), () => Remove(key, flight));
        return (T)(await flight.WaitAsync(cancel))!;
    }

    public async Task InvalidateAsync(string key, CancellationToken cancel)
    {
        Forget(key);
        try
        {
            await broadcast.SendAsync(Channel, $"{node.Id} {key}", cancel);
        }
        catch (NpgsqlException failure)
        {
            // The change itself is committed: its caller must not fail. Other nodes clear their caches when they hear again.
            LogNotSent(logger, failure);
        }
    }

    void Landed(string key, TimeSpan ttl, CacheFlight flight, object? value)
    {
        lock (gate)
        {
            // Invalidated meanwhile: those who waited get the value, but nobody later.
            if (!flights.TryGetValue(key, out var present) || present != flight)
                return;
            flights.Remove(key);
            var weight = Weight(key, value);
            if (weight > options.MaxBytes)
                return;
            Drop(key);
            var expiresAt = clock.GetUtcNow() + ttl * (1 - 0.1 * BackOff.Unit());
            entries[key] = recent.AddFirst(new Entry(key, value, weight, expiresAt));
            bytes += weight;
            while (entries.Count > options.MaxEntries || bytes > options.MaxBytes)
                Drop(recent.Last!.Value.Key);
        }
    }

    void Remove(string key, CacheFlight flight)
    {
        lock (gate)
        {
            if (flights.TryGetValue(key, out var present) && present == flight)
                flights.Remove(key);
        }
    }

    void Forget(string key)
    {
        lock (gate)
        {
            flights.Remove(key);
            Drop(key);
        }
    }

    void Clear()
    {
        lock (gate)
        {
            flights.Clear();
            entries.Clear();
            recent.Clear();
            bytes = 0;
        }
    }

    bool TryGet(string key, out object? value)
    {
        value = null;
        if (!entries.TryGetValue(key, out var node))
            return false;
        if (node.Value.ExpiresAt <= clock.GetUtcNow())
        {
            Drop(key);
            return false;
        }

        recent.Remove(node);
        recent.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    void Drop(string key)
    {
        if (!entries.Remove(key, out var node))
            return;
        recent.Remove(node);
        bytes -= node.Value.Weight;
    }

    static long Weight(string key, object? value)
    {
        const long Overhead = 200;
        return Overhead + key.Length * 2L + value switch
        {
            string text => text.Length * 2L,
            byte[] data => data.Length,
            ReadOnlyMemory<byte> data => data.Length,
            System.Collections.ICollection many => many.Count * 100L,
            _ => 100,
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A cache invalidation could not be sent to the other nodes")]
    static partial void LogNotSent(ILogger logger, Exception failure);

    sealed record Entry(string Key, object? Value, long Weight, DateTimeOffset ExpiresAt);
}
