using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace JeanTrail.Kernel.Security;

/// <summary>The limits of the web server itself.</summary>
public static class KernelKestrel
{
    /// <summary>
    /// Sizes and patience: bodies of 1 MB, 32 kB of headers, 15 s to send them, 240 bytes a second at least in either direction.
    /// </summary>
    public static WebApplicationBuilder ConfigureKernelKestrel(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<ServerCertificate>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<EdgeOptions>, ServerCertificate>((server, edge, certificate) =>
        {
            server.ConfigureHttpsDefaults(certificate.Configure);
            server.AddServerHeader = false;
            var limits = server.Limits;
            limits.MaxRequestBodySize = edge.Value.MaxBodyBytes;
            limits.MaxRequestHeadersTotalSize = 32 * 1024;
            limits.MaxRequestHeaderCount = 100;
            limits.MaxRequestLineSize = 8 * 1024;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
            var slowest = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
            limits.MinRequestBodyDataRate = slowest;
            limits.MinResponseDataRate = slowest;
        });
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<EdgeOptions>>((forwarded, edge) => Trust(forwarded, edge.Value.Proxies));
        return builder;
    }

    /// <summary>Lets an endpoint take larger (or only smaller) bodies than the server's default.</summary>
    public static TBuilder WithBodyLimit<TBuilder>(this TBuilder endpoint, long maxBytes)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new BodyLimit(maxBytes));

    static void Trust(ForwardedHeadersOptions forwarded, IReadOnlyList<string> proxies)
    {
        // The framework trusts loopback from the start; here only what was named is.
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        forwarded.ForwardedHeaders = proxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        // Every hop that was named may have added itself.
        forwarded.ForwardLimit = null;
        foreach (var proxy in proxies)
        {
            if (proxy.Contains('/', StringComparison.Ordinal))
                forwarded.KnownIPNetworks.Add(IPNetwork.Parse(proxy));
            else
                forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        }
    }

    internal static bool AreValid(IReadOnlyList<string> proxies)
        => proxies.All(proxy => IPAddress.TryParse(proxy, out _) || IPNetwork.TryParse(proxy, out _));

    sealed record BodyLimit(long Bytes) : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => Bytes;
    }
}
