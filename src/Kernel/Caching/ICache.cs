using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Kernel.Caching;

/// <summary>Values that may be made again, in the memory of this node. Keys begin with the module's name.</summary>
public interface ICache
{
    /// <summary>
    /// The cached value, or the factory's. One factory per key runs at a time and all who ask meanwhile share its result; a failure goes to
    /// them and is not kept. The factory may outlive the request that started it, so it must use nothing that belongs to the request; it is
    /// cancelled when nobody waits for it any more.
    /// </summary>
    /// <param name="ttl">Values expire up to a tenth earlier, so that those made together do not expire together.</param>
    /// <param name="cancel">Ends the waiting of this caller only.</param>
    Task<T> GetOrAddAsync<T>(string key, TimeSpan ttl, Func<CancellationToken, Task<T>> factory, CancellationToken cancel);

    /// <summary>Forgets a value on this node at once and on the others moments later. Call it after the change is committed.</summary>
    Task InvalidateAsync(string key, CancellationToken cancel);
}

/// <summary>Section <c>Cache</c>.</summary>
public sealed record CacheOptions
{
    [Range(1, 10_000_000)]
    public int MaxEntries { get; init; } = 20_000;

    /// <summary>Of strings and byte arrays their size counts; of anything else an estimate.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxBytes { get; init; } = 32 * 1024 * 1024;
}
