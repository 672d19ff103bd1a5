using System.Net;
using JeanTrail.Kernel.Http;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Pulls;

/// <summary>The connections over which models are fetched.</summary>
internal sealed class PullHttp : IDisposable
{
    public PullHttp(SsrfGuard guard, IOptions<ModelsOptions> options)
    {
        var handler = guard.CreateHandler(options.Value.PullFromPrivateNetworks ? OutboundPolicy.OwnerConfigured : OutboundPolicy.Public);
        // The checksum is told by the hop before the last: redirects are followed by hand.
        handler.AllowAutoRedirect = false;
        handler.ActivityHeadersPropagator = null;
        handler.AutomaticDecompression = DecompressionMethods.None;
        Invoker = new HttpMessageInvoker(handler);
    }

    internal HttpMessageInvoker Invoker { get; }

    public void Dispose() => Invoker.Dispose();
}
