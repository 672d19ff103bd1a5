using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Gateway;

/// <summary>The section <c>Gateway</c>.</summary>
internal sealed record GatewayOptions
{
    /// <summary>For a connection to an upstream. A server whose queue of connections is full answers only the second or third knock, seconds later.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Until the first sign of an answer. Long: a local model reads a long conversation at its own pace.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Between two pieces of an answer. There is no limit on the whole.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Retries begin only within so long of the call.</summary>
    public TimeSpan RetryDeadline { get; init; } = TimeSpan.FromSeconds(15);

    [Range(0, 10)]
    public int MaxRetries { get; init; } = 2;

    /// <summary>The first pause before a retry; each one doubles it, with jitter.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>For the list of models and the check of a provider.</summary>
    public TimeSpan ListTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a list of models is believed.</summary>
    public TimeSpan ModelListLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether servers on loopback are looked for.</summary>
    public bool Discovery { get; init; } = true;

    /// <summary>Loopback ports to look at, besides those of Ollama, llama.cpp, LM Studio and vLLM.</summary>
    public IReadOnlyList<int> DiscoveryPorts { get; init; } = [];

    /// <summary>For each look at a loopback port.</summary>
    public TimeSpan DiscoveryTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>Of kept replies in the memory of a node.</summary>
    [Range(0, long.MaxValue)]
    public long ReplyMemoryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Of kept replies in the database; what expires first goes first.</summary>
    [Range(0, long.MaxValue)]
    public long ReplyTableBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>Of replies that wait to be written to the database.</summary>
    [Range(0, long.MaxValue)]
    public long ReplyQueueBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Larger replies are not kept.</summary>
    [Range(0, int.MaxValue)]
    public int ReplyMaxBytes { get; init; } = 1024 * 1024;

    /// <summary>Of embeddings of kept questions in the memory of a node.</summary>
    [Range(0, long.MaxValue)]
    public long LikenessMemoryBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long the bodies of calls are kept, on routes that keep them.</summary>
    public TimeSpan BodyLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Of bodies that wait to be written to the database.</summary>
    [Range(0, long.MaxValue)]
    public long BodyQueueBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How often running and ended calls are written down: so much of the books a killed process may lose.</summary>
    public TimeSpan LedgerFlushEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Ended calls kept in memory while the database is away; beyond them the oldest are lost, which a metric counts.</summary>
    [Range(1_000, 10_000_000)]
    public int LedgerMaxPending { get; init; } = 200_000;

    /// <summary>A node that wrote nothing for so long is dead, and its running calls are closed as interrupted.</summary>
    public TimeSpan NodeDeadAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the books are kept.</summary>
    public TimeSpan UsageRetention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>How often what was spent under limits is written down, and what was not touched is given back.</summary>
    public TimeSpan LimitFlushEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a node may spend what it holds without having reached the database; after that others may have it.</summary>
    public TimeSpan LimitLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call that finds nothing left waits for other nodes to return what they hold.</summary>
    public TimeSpan LimitRecallPatience { get; init; } = TimeSpan.FromMilliseconds(100);
}
