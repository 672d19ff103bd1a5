using System.Net;
using System.Net.Sockets;

namespace JeanTrail.Kernel.Http;

/// <summary>Where an outbound request may go.</summary>
public enum OutboundPolicy
{
    /// <summary>Public addresses only: for anything that came from a page, a file, a model or a stranger.</summary>
    Public,

    /// <summary>Also loopback and private networks, because the owner of the server typed it; never metadata services.</summary>
    OwnerConfigured,
}

/// <summary>
/// Sorts IP addresses. Sources: the IANA IPv4 and IPv6 special-purpose address registries (RFC 6890 and updates), RFC 6052 (NAT64),
/// RFC 3056 (6to4), RFC 6598 (shared address space), and the cloud vendors' documentation of their metadata addresses.
/// </summary>
public static class AddressRules
{
    static readonly IPNetwork[] Never =
    [
        // This host, link-local with the clouds' metadata at 169.254.169.254, protocol assignments, multicast, reserved, broadcast.
        Net("0.0.0.0/8"), Net("169.254.0.0/16"), Net("192.0.0.0/24"), Net("224.0.0.0/4"), Net("240.0.0.0/4"),
        // Documentation and benchmarking: nobody is there.
        Net("192.0.2.0/24"), Net("198.51.100.0/24"), Net("203.0.113.0/24"), Net("198.18.0.0/15"), Net("192.88.99.0/24"),
        // Metadata outside the link-local range: Azure, Alibaba, AWS over IPv6.
        Net("168.63.129.16/32"), Net("100.100.100.200/32"), Net("fd00:ec2::254/128"),
        Net("fe80::/10"), Net("fec0::/10"), Net("ff00::/8"), Net("100::/64"), Net("2001:db8::/32"), Net("3fff::/20"), Net("5f00::/16"),
        // Protocol assignments, among them Teredo, whose embedded address is obfuscated.
        Net("2001::/23"),
        // NAT64 with a prefix of the network's own choice (RFC 8215): where it leads cannot be told.
        Net("64:ff9b:1::/48"),
    ];

    static readonly IPNetwork[] OwnerOnly =
    [
        Net("127.0.0.0/8"), Net("10.0.0.0/8"), Net("172.16.0.0/12"), Net("192.168.0.0/16"), Net("100.64.0.0/10"),
        Net("::1/128"), Net("fc00::/7"),
    ];

    static readonly IPNetwork Global6 = Net("2000::/3");
    static readonly IPNetwork Nat64 = Net("64:ff9b::/96");
    static readonly IPNetwork SixToFour = Net("2002::/16");

    /// <summary>Whether a connection to this very address is allowed. Addresses that wrap an IPv4 address are judged by it.</summary>
    public static bool IsAllowed(IPAddress address, OutboundPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (Unwrap(address) is { } inner)
                return IsAllowed(inner, policy);
            // A scope names an interface of this machine; nothing outside needs one.
            if (address.ScopeId != 0)
                return false;
        }

        if (Contains(Never, address))
            return false;
        if (Contains(OwnerOnly, address))
            return policy == OutboundPolicy.OwnerConfigured;
        return address.AddressFamily == AddressFamily.InterNetwork || Global6.Contains(address);
    }

    static IPAddress? Unwrap(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (Nat64.Contains(address))
            return new IPAddress(bytes[12..]);
        if (SixToFour.Contains(address))
            return new IPAddress(bytes[2..6]);
        // The deprecated IPv4-compatible form ::a.b.c.d; :: and ::1 are themselves.
        return !bytes[..12].ContainsAnyExcept((byte)0) && bytes[12..].ContainsAnyExcept((byte)0) && !address.Equals(IPAddress.IPv6Loopback)
            ? new IPAddress(bytes[12..])
            : null;
    }

    static bool Contains(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
                return true;
        }

        return false;
    }

    static IPNetwork Net(string cidr) => IPNetwork.Parse(cidr);
}
