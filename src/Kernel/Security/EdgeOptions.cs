using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Kernel.Security;

/// <summary>How the server meets the network: section <c>Edge</c>.</summary>
public sealed record EdgeOptions
{
    /// <summary>
    /// Addresses or networks (<c>10.0.0.0/8</c>) of reverse proxies whose <c>X-Forwarded-For</c> and <c>-Proto</c> are believed. Nobody else's
    /// are.
    /// </summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>The largest request body, in bytes, where an endpoint names no other limit.</summary>
    [Range(1024, int.MaxValue)]
    public long MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Requests a second that one person, or one address without a person, may make in the long run.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 100;

    /// <summary>How many requests may come at once before that rate counts.</summary>
    [Range(1, 1_000_000)]
    public int RequestBurst { get; init; } = 500;

    /// <summary>Attempts to sign in or set up, a minute and address.</summary>
    [Range(1, 1_000_000)]
    public int SignInsPerMinute { get; init; } = 10;

    /// <summary>Attempts to sign in or set up, a minute, from everywhere together.</summary>
    [Range(1, 1_000_000)]
    public int SignInsPerMinuteGlobally { get; init; } = 100;
}
