using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Upstream;

/// <summary>The shared connections to all providers, and the rules by which a request is repeated.</summary>
internal sealed class UpstreamHttp : IDisposable
{
    static readonly MediaTypeHeaderValue Json = new("application/json");

    readonly HttpMessageInvoker http;
    readonly TimeProvider clock;
    readonly GatewayOptions options;

    // Servers that refused the question for token counts. Grows with the number of providers only.
    readonly ConcurrentDictionary<string, bool> withoutUsage = new(StringComparer.Ordinal);

    public UpstreamHttp(SsrfGuard guard, IOptions<GatewayOptions> options, TimeProvider clock)
    {
        this.options = options.Value;
        this.clock = clock;

        // A redirect would carry the key to another place; a trace header would tell a stranger about our traces.
        var handler = guard.CreateHandler(OutboundPolicy.OwnerConfigured);
        handler.AllowAutoRedirect = false;
        handler.ConnectTimeout = this.options.ConnectTimeout;
        handler.PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60);
        handler.ActivityHeadersPropagator = null;

        // What is left of an answer nobody reads any more is not waited for: the upstream should stop making it.
        handler.ResponseDrainTimeout = TimeSpan.FromMilliseconds(250);
        http = new HttpMessageInvoker(handler);
    }

    /// <summary>
    /// Posts and returns the successful response with its headers read. Repeats on what may pass (no connection, 429, 502, 503) with
    /// growing, jittered pauses, as long as a repetition can begin before the deadline.
    /// </summary>
    /// <param name="body">The body, with or without the question for token counts.</param>
    /// <exception cref="ModelCallException">It failed, for good or too often.</exception>
    internal async Task<HttpResponseMessage> PostAsync(
        UpstreamServer server, string path, Func<bool, ReadOnlyMemory<byte>> body, CallWatch watch, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            var askUsage = !withoutUsage.ContainsKey(server.BaseUrl);
            watch.Allow(options.FirstByteTimeout);
            var (response, fault) = await TryAsync(() => Request(HttpMethod.Post, server, path, body(askUsage)), watch, cancel);
            if (response is not null)
                return response;
            if (fault!.RefusesUsageQuestion && askUsage)
            {
                withoutUsage[server.BaseUrl] = true;
                continue;
            }

            var pause = fault.RetryAfter ?? options.RetryPause * Math.Pow(2, attempt) * (0.5 + Random.Shared.NextDouble());
            if (!fault.MayRetry || attempt >= options.MaxRetries || clock.GetElapsedTime(began) + pause > options.RetryDeadline)
                throw fault.ToException();
            GatewayTelemetry.Retried();
            watch.Allow(Timeout.InfiniteTimeSpan);
            await Task.Delay(pause, clock, cancel);
        }
    }

    /// <summary>Gets a small JSON document, once. The fault tells why there is none.</summary>
    internal async Task<(ReadOnlyMemory<byte> Body, Fault? Fault)> GetAsync(UpstreamServer server, string path, int maxBytes, TimeSpan timeout, CancellationToken cancel)
    {
        using var watch = new CallWatch(clock, cancel);
        watch.Allow(timeout);
        var (response, fault) = await TryAsync(() => Request(HttpMethod.Get, server, path, null), watch, cancel);
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

    public void Dispose() => http.Dispose();

    async Task<(HttpResponseMessage? Response, Fault? Fault)> TryAsync(
        Func<HttpRequestMessage> make, CallWatch watch, CancellationToken cancel)
    {
        using var request = make();
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, watch.Token);
            if (response.IsSuccessStatusCode)
                return (response, null);
            using (response)
                return (null, await UpstreamFaults.OfAsync(response, clock.GetUtcNow(), watch.Token));
        }
        catch (HttpRequestException failure)
        {
            return (null, failure.InnerException is IErrorException refused ? new Fault(refused.Error, Blame.Client) : UpstreamFaults.Of(failure));
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

    static HttpRequestMessage Request(HttpMethod method, UpstreamServer server, string path, ReadOnlyMemory<byte>? body)
    {
        var request = new HttpRequestMessage(method, server.Url(path)) { Version = HttpVersion.Version11 };
        request.Headers.TryAddWithoutValidation("User-Agent", "JeanTrail");
        request.Headers.TryAddWithoutValidation("Accept", body is null ? "application/json" : "text/event-stream, application/json");
        if (server.ApiKey is { } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = Json;
        }

        return request;
    }
}
