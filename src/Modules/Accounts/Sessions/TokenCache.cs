using System.Collections.Concurrent;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Accounts.Sessions;

/// <summary>
/// What was read of tokens within the last seconds, so that requests cost no database round trip each. A change is told to
/// <see cref="Forget"/> and takes effect at once, also against a read that began before it.
/// </summary>
/// <typeparam name="T">What a token opens.</typeparam>
internal sealed class TokenCache<T>(TimeSpan freshness, TimeProvider clock) where T : class, TokenCache<T>.IEntry
{
    /// <summary>Far more than one node serves within <c>freshness</c>. When full, the stale ones go first.</summary>
    const int MaxEntries = 20_000;

    readonly ConcurrentDictionary<SecretHash, (T Entry, DateTimeOffset LoadedAt)> entries = new();
    int generation;

    internal interface IEntry
    {
        /// <summary>What was read says nothing from then on.</summary>
        DateTimeOffset? Until { get; }
    }

    /// <summary>What is known of the token, or what <paramref name="read"/> finds; null when it opens nothing.</summary>
    internal async Task<T?> FindAsync(SecretHash token, Func<DateTimeOffset, Task<T?>> read)
    {
        var now = clock.GetUtcNow();
        if (entries.TryGetValue(token, out var known) && now - known.LoadedAt < freshness && !(known.Entry.Until <= now))
            return known.Entry;

        var before = Volatile.Read(ref generation);
        if (await read(now) is not { } entry || entry.Until <= now)
        {
            entries.TryRemove(token, out _);
            return null;
        }

        if (entries.Count >= MaxEntries)
            DropStale(now);
        entries[token] = (entry, now);

        // A change that arrived while the row was being read would be undone by what was read before it.
        if (Volatile.Read(ref generation) != before)
            entries.TryRemove(token, out _);
        return entry;
    }

    internal void Forget(Func<T, bool> which)
    {
        Interlocked.Increment(ref generation);
        foreach (var (token, known) in entries)
        {
            if (which(known.Entry))
                entries.TryRemove(token, out _);
        }
    }

    void DropStale(DateTimeOffset now)
    {
        foreach (var (token, known) in entries)
        {
            if (now - known.LoadedAt >= freshness)
                entries.TryRemove(token, out _);
        }

        if (entries.Count >= MaxEntries)
            entries.Clear();
    }
}
