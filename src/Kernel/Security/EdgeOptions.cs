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

    /// <summary>
    /// Where people reach this server, as <c>https://jean.example.org</c>: links in letters begin with it. Null takes the address the server
    /// listens on.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>A PEM file with this server's certificate and those between it and its root: the server then speaks https only.</summary>
    public string? Certificate { get; init; }

    /// <summary>The PEM file with its private key; null where <see cref="Certificate"/> holds it too.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>The largest request body, in bytes, where an endpoint names no other limit.</summary>
    [Range(1024, int.MaxValue)]
    public long MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a request may take until its answer begins, where an endpoint names no other limit.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(100);

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

    internal bool PublicUrlIsValid
        => PublicUrl is null or { IsAbsoluteUri: true, Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" };
}
