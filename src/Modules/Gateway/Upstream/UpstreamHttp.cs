using System.Net;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Contracts.Models;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Local;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Upstream;

/// <summary>The shared connections to all providers, and the way to the models on this machine.</summary>
internal sealed class UpstreamHttp : IDisposable
{
    readonly HttpMessageInvoker http;
    readonly HttpMessageInvoker local;
    readonly TimeProvider clock;

    public UpstreamHttp(SsrfGuard guard, ILocalEngine engine, ILocalSpeech speech, ILocalSpeakers speakers, IOptions<GatewayOptions> options, TimeProvider clock)
    {
        this.clock = clock;

        // A redirect would carry the key to another place; a trace header would tell a stranger about our traces.
        var handler = guard.CreateHandler(OutboundPolicy.OwnerConfigured);
        handler.AllowAutoRedirect = false;
        handler.ConnectTimeout = options.Value.ConnectTimeout;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60);
        handler.ActivityHeadersPropagator = null;

        // What is left of an answer nobody reads any more is not waited for: the upstream should stop making it.
        handler.ResponseDrainTimeout = TimeSpan.FromMilliseconds(250);
        http = new HttpMessageInvoker(handler);
        local = new HttpMessageInvoker(new LocalTransport(engine, speech, speakers));
    }

    /// <summary>Posts once and returns the successful response with its headers read, or why there is none.</summary>
    /// <param name="watch">Knows how long to wait for them.</param>
    internal async Task<(HttpResponseMessage? Response, Fault? Fault)> PostAsync(
        UpstreamServer server, IDialect dialect, UpstreamCall call, CallWatch watch, CancellationToken cancel)
    {
        using var request = Message(HttpMethod.Post, server, call.Path, dialect);
        request.Content = new ReadOnlyMemoryContent(call.Body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", call.ContentType);
        return await SendAsync(request, dialect, server.ApiKey, watch, cancel);
    }

    /// <summary>Gets a small JSON document, once. The fault tells why there is none.</summary>
    internal async Task<(ReadOnlyMemory<byte> Body, Fault? Fault)> GetAsync(UpstreamServer server, IDialect dialect, string path, int maxBytes, TimeSpan timeout, CancellationToken cancel)
    {
        using var watch = new CallWatch(clock, cancel);
        watch.Allow(timeout);
        using var request = Message(HttpMethod.Get, server, path, dialect);
        var (response, fault) = await SendAsync(request, dialect, server.ApiKey, watch, cancel);
        if (response is null)
            return (default, fault);
        using (response)
        {
            try
            {
                return (await BoundedBody.ReadAsync(response.Content, maxBytes, watch.Token), null);
            }
            catch (InvalidDataException)
            {
                return (default, UpstreamFaults.Nonsense);
            }
            catch (Exception failure) when (failure is IOException or HttpRequestException)
            {
                return (default, UpstreamFaults.Cut with { Inner = failure });
            }
            catch (OperationCanceledException) when (watch.TimedOut)
            {
                return (default, UpstreamFaults.TimedOut);
            }
        }
    }

    public void Dispose()
    {
        http.Dispose();
        local.Dispose();
    }

    async Task<(HttpResponseMessage? Response, Fault? Fault)> SendAsync(
        HttpRequestMessage request, IDialect dialect, string? key, CallWatch watch, CancellationToken cancel)
    {
        HttpResponseMessage? response = null;
        try
        {
            response = await (request.RequestUri!.Scheme == LocalProvider.Scheme ? local : http).SendAsync(request, watch.Token);
            if (response.IsSuccessStatusCode)
                return (response, null);
            using (response)
                return (null, await UpstreamFaults.ReadAsync(response, dialect, key, clock.GetUtcNow(), watch.Token));
        }
        catch (HttpRequestException failure)
        {
            return (null, failure.InnerException is IErrorException refused ? new Fault(refused.Error, Blame.Client) : UpstreamFaults.Of(failure));
        }
        catch (LocalModelException failure)
        {
            return (null, LocalFaults.Of(failure));
        }
        catch (OperationCanceledException) when (watch.TimedOut)
        {
            response?.Dispose();
            return (null, UpstreamFaults.TimedOut);
        }
        catch (OperationCanceledException failure) when (!cancel.IsCancellationRequested)
        {
            // Neither the caller nor our patience: the time to connect ran out.
            return (null, new Fault(GatewayErrors.Unreachable, Blame.Upstream, MayRetry: true, Inner: failure));
        }
    }

    static HttpRequestMessage Message(HttpMethod method, UpstreamServer server, string path, IDialect dialect)
    {
        var request = new HttpRequestMessage(method, server.Url(path)) { Version = HttpVersion.Version11 };
        request.Headers.TryAddWithoutValidation("User-Agent", "JeanTrail");
        dialect.Authorize(request, server.ApiKey);
        return request;
    }
}
