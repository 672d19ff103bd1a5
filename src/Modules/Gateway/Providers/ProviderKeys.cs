using System.Collections.Concurrent;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Gateway.Providers;

/// <summary>Spreads a provider's calls over its keys, and lets a key rest that the provider refused or slowed down.</summary>
internal sealed class ProviderKeys(TimeProvider clock)
{
    static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    // Grows with the number of keys only; a key that is gone is never chosen again.
    readonly ConcurrentDictionary<Guid, Rested> resting = new();
    uint turn;

    /// <summary>The key whose turn it is; null when the provider has none. When all rest, the one that rests the shortest.</summary>
    internal SealedKey? Choose(ProviderRow provider)
    {
        if (provider.FurtherKeys.Count == 0)
            return provider.ApiKey is { } only ? First(provider, only) : null;
        var all = All(provider);
        var start = Interlocked.Increment(ref turn);
        for (var i = 0u; i < all.Count; i++)
        {
            var key = all[(int)((start + i) % (uint)all.Count)];
            if (RestsUntil(key) is null)
                return key;
        }

        return all.MinBy(key => RestsUntil(key) ?? DateTimeOffset.MinValue);
    }

    /// <summary>True when the provider has another key that does not rest. The only key of a provider never rests: its target does.</summary>
    internal bool Rest(ProviderRow provider, Guid keyId, TimeSpan time)
    {
        var all = All(provider);
        if (all.Count < 2 || all.Find(key => key.Id == keyId) is not { } failed)
            return false;
        resting[keyId] = new Rested(clock.GetUtcNow() + (time < LongestRest ? time : LongestRest), failed.Sealed);
        return all.Exists(key => RestsUntil(key) is null);
    }

    /// <summary>Null when it may be used. A key that was entered anew under its old id does not rest for the one before it.</summary>
    internal DateTimeOffset? RestsUntil(SealedKey key)
        => resting.TryGetValue(key.Id, out var rest) && rest.Until > clock.GetUtcNow() && rest.Sealed.AsSpan().SequenceEqual(key.Sealed) ? rest.Until : null;

    static List<SealedKey> All(ProviderRow provider)
    {
        var all = new List<SealedKey>(provider.FurtherKeys.Count + 1);
        if (provider.ApiKey is { } first)
            all.Add(First(provider, first));
        all.AddRange(provider.FurtherKeys.Select(key => key.ToSealed()));
        return all;
    }

    static SealedKey First(ProviderRow provider, byte[] key) => new(provider.ProviderId, ProviderRow.KeyPlace(provider.ProviderId), key);

    sealed record Rested(DateTimeOffset Until, byte[] Sealed);
}

/// <param name="Id">Of the provider for its first key.</param>
internal sealed record SealedKey(Guid Id, SecretPlace Place, byte[] Sealed);
