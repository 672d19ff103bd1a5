using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Http;

/// <summary>
/// Where people find this server, for links in letters: <c>Edge:PublicUrl</c>, or else the address it listens on. Never what a request
/// says, since whoever asks for somebody's password reset writes its Host header.
/// </summary>
/// <remarks>Source: OWASP Forgot Password Cheat Sheet, "URL tokens".</remarks>
public sealed class PublicAddress(IOptions<EdgeOptions> options, IServer server)
{
    /// <summary>The address of a page, with a secret in its fragment: browsers keep that to themselves, so it reaches no log and no referrer.</summary>
    /// <param name="path">With its leading slash.</param>
    public string Link(string path, string? secret = null)
        => secret is null ? new Uri(Root(), path).AbsoluteUri : $"{new Uri(Root(), path).AbsoluteUri}#{secret}";

    /// <summary>The scheme, host and port that people reach, without a path.</summary>
    public Uri Root()
    {
        if (options.Value.PublicUrl is { } known)
            return known;
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var chosen = listening.FirstOrDefault(address => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase)) ?? listening.FirstOrDefault();
        return new Uri(chosen is null ? "http://localhost" : Reachable(chosen));
    }

    /// <summary>Where it listens everywhere, the only name we know for sure is this machine's for itself.</summary>
    static string Reachable(string address)
        => address.Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
}
