using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Routes;

/// <summary>
/// What this node knows of one model at one provider: how it answered lately, how much it has to do, and whether it is worth asking. In
/// memory: each node learns for itself, and a restart begins with good faith.
/// </summary>
internal sealed class TargetHealth(TimeProvider clock)
{
    const int Kept = 64;

    /// <summary>A measurement counts half beside one that is so much newer.</summary>
    static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(30);

    /// <summary>What is known is half believed after so long without news.</summary>
    static readonly TimeSpan DoubtHalfLife = TimeSpan.FromMinutes(5);

    static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(2);

    /// <summary>Upstreams that ask for a day are asked again all the same, by one call at a time.</summary>
    static readonly TimeSpan LongestToldRest = TimeSpan.FromMinutes(10);

    /// <summary>When to look again at a target that somebody else is just trying.</summary>
    static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(1);

    /// <summary>So many failures without a success between them open the circuit.</summary>
    const int FailuresToOpen = 5;

    readonly Lock gate = new();
    readonly double[] latencies = new double[Kept];
    int measured;
    double decayedMs;
    double weight;
    long decayedAt;
    int running;
    int failures;
    int openings;
    DateTimeOffset restsUntil;
    Error? lastError;
    bool probing;

    /// <summary>Calls under way.</summary>
    internal int Running => Volatile.Read(ref running);

    internal void Started() => Interlocked.Increment(ref running);

    internal void Ended() => Interlocked.Decrement(ref running);

    /// <summary>Milliseconds to the first byte, newer ones weighing more; null while nothing is known.</summary>
    internal double? LatencyMs
    {
        get
        {
            lock (gate)
                return weight > 0 ? decayedMs / weight : null;
        }
    }

    /// <summary>
    /// What to expect of it: <see cref="LatencyMs"/>, fading while nobody asks it, so that one slow answer does not keep it away for ever.
    /// 0 while nothing is known.
    /// </summary>
    internal double ExpectedMs
    {
        get
        {
            lock (gate)
                return weight > 0 ? decayedMs / weight * Math.Pow(0.5, clock.GetElapsedTime(decayedAt) / DoubtHalfLife) : 0;
        }
    }

    /// <summary>The time within which 95 of 100 recent calls began to answer; null while too little is known.</summary>
    internal TimeSpan? Percentile95
    {
        get
        {
            lock (gate)
            {
                var count = Math.Min(measured, Kept);
                if (count < 20)
                    return null;
                Span<double> sorted = stackalloc double[count];
                latencies.AsSpan(0, count).CopyTo(sorted);
                sorted.Sort();
                return TimeSpan.FromMilliseconds(sorted[(int)(count * 0.95)]);
            }
        }
    }

    /// <summary><c>closed</c>: asked as usual; <c>open</c>: not asked; <c>half-open</c>: one call may try.</summary>
    internal string Circuit
    {
        get
        {
            lock (gate)
                return openings == 0 ? "closed" : clock.GetUtcNow() < restsUntil ? "open" : "half-open";
        }
    }

    /// <summary>Why it is not asked, and for how long still. Null when it may be.</summary>
    internal (Error Error, TimeSpan Time)? Resting
    {
        get
        {
            lock (gate)
            {
                if (openings == 0)
                    return null;
                var rest = restsUntil - clock.GetUtcNow();
                return rest > TimeSpan.Zero ? (lastError!, rest) : probing ? (lastError!, ProbePatience) : null;
            }
        }
    }

    /// <summary>The failure it was last seen with; null since its last success.</summary>
    internal Error? LastError
    {
        get
        {
            lock (gate)
                return lastError;
        }
    }

    /// <summary>Whether it may be asked now. After a rest, true for one caller at a time, who must then tell how it went.</summary>
    /// <param name="probe">The caller is that one.</param>
    internal bool TryEnter(out bool probe)
    {
        lock (gate)
        {
            probe = openings > 0 && !probing && clock.GetUtcNow() >= restsUntil;
            if (openings > 0 && !probe)
                return false;
            probing |= probe;
        }

        if (probe)
            GatewayTelemetry.CircuitChanged("half-open");
        return true;
    }

    internal void Succeeded(TimeSpan toFirstByte)
    {
        lock (gate)
        {
            Measure(toFirstByte);
            if (openings > 0)
                GatewayTelemetry.CircuitChanged("closed");
            (failures, openings, probing, lastError) = (0, 0, false, null);
        }
    }

    /// <summary>It was given up after so long without having failed.</summary>
    internal void Slow(TimeSpan atLeast)
    {
        lock (gate)
            Measure(atLeast);
    }

    /// <summary>It was not its fault: the caller left, or the request was wrong.</summary>
    /// <param name="probe">As <see cref="TryEnter"/> said: the next one may probe.</param>
    internal void Excused(bool probe)
    {
        lock (gate)
            probing &= !probe;
    }

    /// <summary>It failed in a way that another call would meet too.</summary>
    /// <param name="retryAfter">What the upstream itself asked for.</param>
    /// <param name="probe">As <see cref="TryEnter"/> said.</param>
    internal void Failed(Error error, TimeSpan? retryAfter, bool probe)
    {
        lock (gate)
        {
            // Calls that were under way when the circuit opened tell nothing new; only probes make the rest longer.
            if (openings > 0 && !probe)
                return;
            lastError = error;
            failures++;
            if (failures < FailuresToOpen && !probe && retryAfter is null)
                return;
            probing = false;
            openings++;
            // Each time longer, and never for all callers at the same moment.
            var rest = FirstRest * Math.Pow(2, Math.Min(openings - 1, 8)) * (0.8 + (0.4 * Random.Shared.NextDouble()));
            restsUntil = clock.GetUtcNow() + (retryAfter is { } told ? Shorter(told, LongestToldRest) : Shorter(rest, LongestRest));
        }

        GatewayTelemetry.CircuitChanged("open");
    }

    internal ListTargets.Target ToView(string modelId)
    {
        var resting = Resting;
        return new ListTargets.Target(modelId, Circuit, LatencyMs, Percentile95?.TotalMilliseconds, Running, resting?.Time.TotalMilliseconds, LastError?.Code);
    }

    void Measure(TimeSpan toFirstByte)
    {
        var ms = toFirstByte.TotalMilliseconds;
        var now = clock.GetTimestamp();
        var fade = weight == 0 ? 0 : Math.Pow(0.5, clock.GetElapsedTime(decayedAt, now) / HalfLife);
        (decayedMs, weight, decayedAt) = ((decayedMs * fade) + ms, (weight * fade) + 1, now);
        latencies[measured++ % Kept] = ms;
    }

    static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
