using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Telemetry;

namespace JeanTrail.Kernel.Http;

/// <summary>Turns host names into addresses; a boundary so that tests can rebind names.</summary>
public interface IHostResolver
{
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel);
}

internal sealed class SystemResolver : IHostResolver
{
    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel) => Dns.GetHostAddressesAsync(host, cancel);
}

/// <summary>An outbound connection led to an address that its <see cref="OutboundPolicy"/> forbids.</summary>
/// <remarks>Derives from <see cref="IOException"/> as a connection failure does; <see cref="HttpClient"/> wraps it in an HttpRequestException.</remarks>
public sealed class AddressRefusedException() : IOException(KernelErrors.AddressRefused.Detail), IErrorException
{
    public Error Error => KernelErrors.AddressRefused;
}

/// <summary>
/// Keeps requests to addresses that a person or a page supplied out of networks they must not reach (server-side request forgery).
/// The check is made on the resolved address of each new connection, so neither a redirect nor a name that changes its address
/// between check and use (DNS rebinding) gets around it.
/// </summary>
public sealed class SsrfGuard(IHostResolver resolver)
{
    const int MaxUrlLength = 2048;

    static readonly Counter<long> Refused = KernelTelemetry.Meter.CreateCounter<long>(
        "kernel.outbound.refused", "{connection}", "Outbound connections refused by the address rules.");

    /// <summary>
    /// Reads a URL that somebody typed: absolute, http or https, no user name or password in it, and not an address literal (in any
    /// notation) that the policy forbids. Names are judged when they are connected to. Errors: <c>kernel.url_invalid</c>,
    /// <c>kernel.address_refused</c>.
    /// </summary>
    public static Result<Uri> Check(string? url, OutboundPolicy policy)
    {
        if (url is not { Length: > 0 and <= MaxUrlLength } || url.AsSpan().ContainsAny(Forbidden)
            || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps
            || uri.UserInfo.Length > 0 || url.Contains('@', StringComparison.Ordinal) && uri.Authority.Contains('@', StringComparison.Ordinal)
            || uri.IdnHost.Length == 0 || uri.Port is < 1 or > 65535)
            return KernelErrors.UrlInvalid;

        var host = uri.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host, out var literal))
            return AddressRules.IsAllowed(literal, policy) ? uri : KernelErrors.AddressRefused;
        var isLocal = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return isLocal && policy == OutboundPolicy.Public ? KernelErrors.AddressRefused : uri;
    }

    // White space and control characters are read differently by different parsers; the backslash is a slash to some.
    static readonly System.Buffers.SearchValues<char> Forbidden = System.Buffers.SearchValues.Create(
        [.. Enumerable.Range(0, 0x21).Select(code => (char)code), '\u007f', '\\']);

    /// <summary>
    /// A handler whose every connection obeys <paramref name="policy"/>. It follows at most five redirects, keeps no cookies and ignores
    /// proxies from the environment, which would connect on its behalf. Share it: it owns the connection pool.
    /// </summary>
    public SocketsHttpHandler CreateHandler(OutboundPolicy policy) => new()
    {
        ConnectCallback = (context, cancel) => ConnectAsync(context.DnsEndPoint, policy, cancel),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxAutomaticRedirections = 5,
        MaxResponseHeadersLength = 64,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
    };

    /// <summary>Connects to the first reachable address of <paramref name="target"/>; refuses when any of its addresses is forbidden.</summary>
    /// <exception cref="AddressRefusedException">The policy forbids one of the addresses.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint target, OutboundPolicy policy, CancellationToken cancel)
    {
        var host = target.Host.Trim('[', ']');
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolver.ResolveAsync(host, cancel);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        // One forbidden address among good ones is what a rebinding attack looks like.
        if (!Array.TrueForAll(addresses, address => AddressRules.IsAllowed(address, policy)))
        {
            Refused.Add(1);
            throw new AddressRefusedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
