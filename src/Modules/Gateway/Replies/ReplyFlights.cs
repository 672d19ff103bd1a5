using System.Collections.Concurrent;

namespace JeanTrail.Gateway.Replies;

/// <summary>Of equal requests at the same time one goes upstream; the others wait for it here. Within this node.</summary>
internal sealed class ReplyFlights(TimeProvider clock)
{
    readonly ConcurrentDictionary<ReplyKey, ReplyFlight> flights = [];

    /// <summary>The flight for this key, and whether it was begun just now: then the caller must end it.</summary>
    internal ReplyFlight Join(ReplyKey key, out bool leads)
    {
        var made = new ReplyFlight(clock, flight => flights.TryRemove(new(key, flight)));
        var flight = flights.GetOrAdd(key, made);
        leads = ReferenceEquals(flight, made);
        return flight;
    }
}

/// <summary>How a flight ended.</summary>
/// <param name="Reply">Null when those who waited must ask for themselves.</param>
/// <param name="How">The word for <c>x-jean-cache</c>.</param>
/// <param name="Abandoned">The one who went left before the end, which says nothing about the question: another may go for all.</param>
internal sealed record Landing(StoredReply? Reply, string How = "hit", bool Abandoned = false);

/// <summary>One request under way for several.</summary>
internal sealed class ReplyFlight(TimeProvider clock, Action<ReplyFlight> ended)
{
    /// <summary>A leader whose own caller reads no further holds nobody up for longer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly TaskCompletionSource<Landing> landing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // 0 while the answer has not begun: until then the upstream's own time limits are what ends it.
    int pieces;

    internal void Progress() => Interlocked.Increment(ref pieces);

    internal void Land(StoredReply reply, string how = "hit") => End(new Landing(reply, how));

    /// <summary>There is no answer, or none that may be shared.</summary>
    internal void Fail() => End(new Landing(null));

    internal void Abandon() => End(new Landing(null, Abandoned: true));

    internal async Task<Landing> WaitAsync(CancellationToken cancel)
    {
        while (true)
        {
            var seen = Volatile.Read(ref pieces);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            if (await Task.WhenAny(landing.Task, Task.Delay(Patience, clock, patience.Token)) == landing.Task)
            {
                await patience.CancelAsync();
                return await landing.Task;
            }

            cancel.ThrowIfCancellationRequested();
            if (seen > 0 && seen == Volatile.Read(ref pieces))
                return new Landing(null);
        }
    }

    void End(Landing how)
    {
        // Gone before anybody hears of it: who comes now finds the reply, or goes anew.
        ended(this);
        landing.TrySetResult(how);
    }
}
