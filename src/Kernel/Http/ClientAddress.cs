using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Http;

/// <summary>Where a request comes from, after the forwarded headers of configured proxies.</summary>
public static class ClientAddress
{
    /// <summary>The address as text; empty when there is none, as over a unix socket.</summary>
    public static string Of(HttpContext context) => Plain(context)?.ToString() ?? "";

    /// <summary>What counts as one place when attempts are counted: an IPv6 network of /64 belongs to one subscriber.</summary>
    public static string Network(HttpContext context)
        => Plain(context) is { AddressFamily: AddressFamily.InterNetworkV6 } address
            ? new IPNetwork(Masked(address), 64).ToString()
            : Of(context);

    static IPAddress Masked(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    static IPAddress? Plain(HttpContext context)
        => context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
}
