namespace JeanTrail.Kernel.Leases;

/// <summary>Things that only one node may do at a time.</summary>
public interface ILeases
{
    /// <summary>Takes the lease, or null when another holds it. It is renewed until disposed or lost.</summary>
    /// <param name="name">Such as <c>live.twitch:{channel}</c>; at most 200 characters.</param>
    /// <param name="duration">How long after this node dies another may take it. At least a second.</param>
    Task<ILease?> TryAcquireAsync(string name, TimeSpan duration, CancellationToken cancel);
}

/// <summary>A held lease. Disposing gives it back at once.</summary>
public interface ILease : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Grows with every acquisition of any lease: a store that remembers the highest can refuse a former holder's late write.</summary>
    long Fence { get; }

    /// <summary>Cancelled when the lease could not be renewed in time. Work under it must stop then.</summary>
    CancellationToken Lost { get; }
}
