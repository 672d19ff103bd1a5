using System.Collections.Concurrent;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Responses;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Errors;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Exchange;

/// <summary>How one try went: an answer that has begun, or a fault.</summary>
/// <param name="HeadersAt">Timestamp of the upstream's headers; null when it sent none.</param>
internal readonly record struct Opening(UpstreamReply? Reply, Fault? Fault, long? HeadersAt)
{
    /// <summary>The upstream's HTTP status, as far as it answered.</summary>
    internal int? Status => Fault?.Status ?? (HeadersAt is null ? null : 200);
}

/// <summary>Puts a call to one target, with as many of its provider's keys as it takes.</summary>
internal sealed class TargetCalls(UpstreamHttp http, ProviderDirectory providers, IOptions<GatewayOptions> options, TimeProvider clock)
{
    // Servers that refused the question for token counts. Grows with the number of providers only.
    readonly ConcurrentDictionary<string, bool> withoutUsage = new(StringComparer.Ordinal);

    // Servers that know chat completions only.
    readonly ConcurrentDictionary<string, bool> withoutResponses = new(StringComparer.Ordinal);

    /// <param name="patience">For the headers, and again for the first piece of the answer; null for the server's own.</param>
    /// <param name="unwanted">Somebody else has answered: ends the try, but not an answer that it came to.</param>
    internal async Task<Opening> OpenAsync(GatewayCall call, RouteTarget target, TimeSpan? patience, CancellationToken unwanted, CancellationToken cancel)
    {
        for (var keysLeft = target.Provider.FurtherKeys.Count; ;)
        {
            if (!(await providers.OpenAsync(target.Provider, cancel)).TryGet(out var server, out var closed))
                return new Opening(null, new Fault(closed, Blame.Server), null);
            if (!RequestOf(call, target, server).TryGet(out var request, out var untranslatable)
                || !target.Dialect.Write(request).TryGet(out var message, out untranslatable))
                return new Opening(null, new Fault(untranslatable, Blame.Client), null);
            if (call.Surface.IsForm())
                message = message with { ContentType = call.ContentType };

            var opened = await AskAsync(server, target, request, message, patience ?? target.Dialect.Patience ?? options.Value.FirstByteTimeout, unwanted, cancel);
            if (opened.Fault is not { } fault || unwanted.IsCancellationRequested)
                return opened;
            if (fault.RefusesUsageQuestion && request.AskUsage)
                withoutUsage[server.BaseUrl] = true;
            else if (fault.LacksEndpoint && request.Surface == Surface.Responses)
                withoutResponses[server.BaseUrl] = true;
            else if (!providers.KeyFailed(target.Provider, server, fault) || keysLeft-- == 0)
                return opened;
        }
    }

    Result<DialectRequest> RequestOf(GatewayCall call, RouteTarget target, UpstreamServer server)
    {
        var request = new DialectRequest(
            call.Surface, call.Body, call.Shape, target.Model, call.Shape.Model, !withoutUsage.ContainsKey(server.BaseUrl), clock.GetUtcNow())
        { Thinking = target.Thinking };
        return call.Surface == Surface.Responses && (!target.Dialect.Speaks(Surface.Responses) || withoutResponses.ContainsKey(server.BaseUrl))
            ? ResponseAsChat.Write(request)
            : request;
    }

    async Task<Opening> AskAsync(
        UpstreamServer server, RouteTarget target, DialectRequest request, UpstreamCall message, TimeSpan patience, CancellationToken unwanted, CancellationToken cancel)
    {
        var watch = new CallWatch(clock, cancel, unwanted);
        HttpResponseMessage? response = null;
        UpstreamReply? reply = null;
        var wanted = false;
        target.Health.Started();
        try
        {
            watch.Allow(patience);
            (response, var fault) = await http.PostAsync(server, target.Dialect, message, watch, cancel);
            if (response is null)
                return new Opening(null, fault, null);
            var headersAt = clock.GetTimestamp();
            watch.Allow(patience);
            reply = await ReplyOfAsync(target, response, watch, request, cancel);
            fault = reply is null ? UpstreamFaults.Nonsense : await reply.BeginAsync(cancel);
            if (fault is not null)
                return new Opening(null, fault, headersAt);
            watch.Keep();
            wanted = true;
            return new Opening(reply, null, headersAt);
        }
        finally
        {
            if (wanted)
            {
                // It is the caller's now.
            }
            else if (reply is not null)
            {
                await reply.DisposeAsync();
            }
            else
            {
                response?.Dispose();
                watch.Dispose();
                target.Health.Ended();
            }
        }
    }

    /// <summary>Null when it is nothing that an answer to this request can be.</summary>
    async Task<UpstreamReply?> ReplyOfAsync(RouteTarget target, HttpResponseMessage response, CallWatch watch, DialectRequest request, CancellationToken cancel)
        => response.Content.Headers.ContentType?.MediaType switch
        {
            "text/event-stream" when request.Surface is Surface.ChatCompletions or Surface.Responses
                => new StreamedReply(target, response, watch, request, await response.Content.ReadAsStreamAsync(cancel), options.Value.IdleTimeout),
            // Some servers do not stream whatever they are asked.
            "application/json" => new WholeReply(target, response, watch, request),
            _ when request.Surface is Surface.Speech or Surface.Transcriptions or Surface.ImageGenerations or Surface.ImageEdits
                => new BinaryReply(target, response, watch, request.Surface, await response.Content.ReadAsStreamAsync(cancel), options.Value.IdleTimeout),
            _ => null,
        };
}
