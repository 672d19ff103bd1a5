namespace JeanTrail.Gateway.Limits;

/// <summary>
/// What this node holds of one limit in one window, and what it has spent. All numbers move under one lock; what goes to the table are whole
/// values, so that a write whose fate is unknown does no harm: the next one says the same again, and more.
/// </summary>
internal sealed class Purse(Guid limitId, Meter meter, DateTimeOffset start, DateTimeOffset end)
{
    readonly Lock gate = new();

    // free + reserved never exceeds what the table knows this node to hold.
    long free;
    long reserved;
    long spent;
    long untouched;
    long usedNow;
    long usedBefore;
    int open;

    long sequence;
    long writtenSpent;
    long held;
    long leaseUntil = long.MinValue;
    long renewedAt = long.MinValue;

    long refusedNeed = long.MaxValue;
    long refusedUntil = long.MinValue;
    TaskCompletionSource returned = NewSignal();

    internal Guid LimitId { get; } = limitId;

    internal Meter Meter { get; } = meter;

    internal DateTimeOffset Start { get; } = start;

    internal DateTimeOffset End { get; } = end;

    /// <summary>One exchange with the table at a time, or an older one could undo a newer.</summary>
    internal SemaphoreSlim Exchange { get; } = new(1);

    /// <summary>One caller at a time looks for more; the others wait for what comes of it.</summary>
    internal SemaphoreSlim Search { get; } = new(1);

    /// <summary>Completes when another node has given back something of this limit.</summary>
    internal Task Returned
    {
        get
        {
            lock (gate)
                return returned.Task;
        }
    }

    internal void SignalReturned()
    {
        lock (gate)
        {
            returned.TrySetResult();
            returned = NewSignal();
        }
    }

    /// <summary>Takes from what is in hand. A need of 0 always finds it.</summary>
    internal bool TryReserve(long need, long now)
    {
        lock (gate)
        {
            LoseWhatLapsed(now);
            if (free < need)
                return false;
            free -= need;
            reserved += need;
            untouched = Math.Min(untouched, free);
            usedNow += need;
            open++;
            return true;
        }
    }

    /// <summary>For a limit that was deleted.</summary>
    internal void ReserveUnlimited(long need)
    {
        lock (gate)
        {
            reserved += need;
            open++;
        }
    }

    /// <summary>Gives back what was reserved.</summary>
    internal void Release(long amount)
    {
        lock (gate)
        {
            reserved -= amount;
            free += amount;
            open--;
        }
    }

    /// <summary>Turns what was reserved into what was spent. What is spent beyond it is taken from what is in hand, and else is over the limit.</summary>
    internal void Spend(long reservedBefore, long actual)
    {
        lock (gate)
        {
            reserved -= reservedBefore;
            free = actual <= reservedBefore ? free + reservedBefore - actual : Math.Max(0, free - (actual - reservedBefore));
            untouched = Math.Min(untouched, free);
            spent += actual;
            open--;
        }
    }

    /// <summary>Whether such a need was refused a moment ago, so that the table need not be asked again.</summary>
    internal bool Refuses(long need, long now)
    {
        lock (gate)
            return now < refusedUntil && need >= refusedNeed;
    }

    internal void Refuse(long need, long until)
    {
        lock (gate)
            (refusedNeed, refusedUntil) = (need, until);
    }

    /// <summary>What to ask of the table for a need: the first sizes are guessed by the need, later ones by what the last second took.</summary>
    internal PurseOrder Ask(long need, long now)
    {
        const int FirstCalls = 4;
        lock (gate)
        {
            LoseWhatLapsed(now);
            var missing = Math.Max(0, need - free);
            return Order(missing, Math.Max(FirstCalls * need, 2 * Math.Max(usedNow, usedBefore)), given: 0);
        }
    }

    /// <summary>What to write each second: what was spent, less what nobody touched since the last time. Null when the table knows all of it.</summary>
    /// <param name="over">The window has passed: nothing more will be spent in it.</param>
    internal PurseOrder? Tick(long now, bool over, long renewBefore)
    {
        lock (gate)
        {
            LoseWhatLapsed(now);
            (usedBefore, usedNow) = (usedNow, 0);
            var given = over ? free : Math.Min(untouched, free);
            var known = spent == writtenSpent && held == free + reserved && given == 0;
            if (known && (held == 0 || renewedAt > renewBefore))
            {
                untouched = free;
                return null;
            }

            free -= given;
            untouched = free;
            return Order(0, 0, given);
        }
    }

    /// <summary>Gives back all that is not reserved, because another node needs it or this one stops. Null when there is nothing.</summary>
    internal PurseOrder? Return(long now, bool stopping = false)
    {
        lock (gate)
        {
            LoseWhatLapsed(now);
            if (free == 0 && !(stopping && (spent != writtenSpent || held != reserved)))
                return null;
            var given = free;
            free = untouched = 0;
            return Order(0, 0, given);
        }
    }

    internal void Adopt(PurseOrder order, PurseAnswer answer, long sentAt, long lease)
    {
        lock (gate)
        {
            writtenSpent = order.Spent;
            held = answer.Own;
            free += answer.Granted;
            if (answer.Granted > 0)
                untouched = 0;
            leaseUntil = sentAt + lease;
            renewedAt = sentAt;
            refusedUntil = long.MinValue;
        }
    }

    /// <summary>The order surely reached nothing: what it would have given back is still ours.</summary>
    internal void TakeBack(PurseOrder order)
    {
        lock (gate)
            free += order.Given;
    }

    /// <summary>Nobody knows whether the order was done: the table is told again how it is.</summary>
    internal void Doubt()
    {
        lock (gate)
            held = -1;
    }

    /// <summary>Whether nobody will come to it any more and the table knows all of it.</summary>
    internal bool IsDone
    {
        get
        {
            lock (gate)
                return open == 0 && spent == writtenSpent && held == 0 && free == 0;
        }
    }

    /// <summary>When the lease is over another node may have what was in hand. What is reserved belongs to calls that run.</summary>
    void LoseWhatLapsed(long now)
    {
        if (free > 0 && now >= leaseUntil)
            free = untouched = 0;
    }

    PurseOrder Order(long need, long wish, long given)
        => new(this, ++sequence, spent, writtenSpent, free + reserved, need, wish, given);

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What a node tells the table about one of its purses, and what it asks for.</summary>
/// <param name="Spent">All that this node ever spent in the window.</param>
/// <param name="Written">What the table knows of it.</param>
/// <param name="Kept">What it holds from now on.</param>
/// <param name="Need">What must be granted, or nothing is.</param>
/// <param name="Wish">What would be welcome.</param>
/// <param name="Given">What it no longer holds with this order.</param>
internal readonly record struct PurseOrder(Purse Purse, long Sequence, long Spent, long Written, long Kept, long Need, long Wish, long Given);

/// <param name="Granted">On top of what was kept.</param>
/// <param name="Spent">By all nodes.</param>
/// <param name="Held">By all nodes.</param>
/// <param name="Own">Held by this node now.</param>
/// <param name="Reached">A step in per cent that the limit reached with this order and that was not told before, else null.</param>
internal sealed record PurseAnswer(Guid LimitId, DateTimeOffset WindowStart, long Granted, long Spent, long Held, long Own, long Amount, int? Reached);
