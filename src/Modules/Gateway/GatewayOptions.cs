using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Gateway;

/// <summary>The section <c>Gateway</c>.</summary>
internal sealed record GatewayOptions
{
    /// <summary>For a connection to an upstream.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Until the first sign of an answer. Long: a local model reads a long conversation at its own pace.</summary>
    public TimeSpan FirstByteTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Between two pieces of an answer. There is no limit on the whole.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Retries begin only within so long of the call.</summary>
    public TimeSpan RetryDeadline { get; init; } = TimeSpan.FromSeconds(10);

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
}
