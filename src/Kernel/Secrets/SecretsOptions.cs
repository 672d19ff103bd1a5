namespace JeanTrail.Kernel.Secrets;

/// <summary>Where the key is that everything else is locked with: section <c>Secrets</c>.</summary>
public sealed record SecretsOptions
{
    /// <summary>The master key file; null for <c>keys/master.key</c> in the data folder. Nodes that share a database share its contents.</summary>
    public string? MasterKeyFile { get; init; }

    /// <summary>How many people's data keys stay in memory.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 100_000)]
    public int CachedKeys { get; init; } = 1000;

    /// <summary>A data key that nobody used for this long leaves memory.</summary>
    public TimeSpan CachedKeyLifetime { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>The master key is missing, unreadable, or not the one that the database was sealed with. The message tells the operator what to do.</summary>
public sealed class MasterKeyException(string message, Exception? inner = null) : Exception(message, inner);
