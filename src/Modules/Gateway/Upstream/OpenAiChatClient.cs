using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Upstream;

/// <summary>
/// A model of an OpenAI-compatible server. Raw HTTP and source-generated JSON: what is added to the upstream's own time to the first token
/// is the parsing of one line.
/// </summary>
/// <param name="modelId">The public id, which updates carry.</param>
/// <param name="upstreamModel">The model's name at the provider.</param>
internal sealed class OpenAiChatClient(
    UpstreamServer server, string modelId, string upstreamModel, UpstreamHttp http, GatewayOptions options, TimeProvider clock) : IChatClient
{
    const int MaxWholeBytes = 16 * 1024 * 1024;

    /// <summary>For the token counts and the end mark, once the answer itself is complete.</summary>
    static readonly TimeSpan TrailerPatience = TimeSpan.FromSeconds(3);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <exception cref="Contracts.Gateway.ModelCallException">The call failed; what was yielded before stays valid.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var watch = new CallWatch(clock, cancellationToken);
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? messages.ToList();
        using var response = await http.PostAsync(server, "chat/completions", Body, watch, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var reply = new ReplyAssembler(modelId);
        watch.Allow(options.FirstByteTimeout);
        switch (response.Content.Headers.ContentType?.MediaType)
        {
            case "text/event-stream":
                break;
            case "application/json":
                // Some servers do not stream whatever they are asked.
                if (reply.Take(await ReadWholeAsync(response, watch, cancellationToken)) is { } whole)
                    yield return whole;
                yield return reply.End();
                yield break;
            default:
                throw UpstreamFaults.Nonsense.ToException();
        }

        using var events = new SseReader(stream, watch.Progress);
        var first = true;
        while (await NextAsync(events, watch, reply.Finished, cancellationToken) is { } chunk)
        {
            if (first)
                watch.Allow(options.IdleTimeout);
            first = false;
            var update = reply.Take(chunk);
            if (reply.Finished)
                watch.Allow(TrailerPatience);
            if (update is not null)
                yield return update;
        }

        yield return reply.End();

        ReadOnlyMemory<byte> Body(bool askUsage) => ChatRequestWriter.Write(upstreamModel, TakesNewTokenLimit, askUsage, conversation, chatOptions);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai-compatible", null, modelId)
            : serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Connections are shared and belong to UpstreamHttp.
    }

    /// <summary>OpenAI's own newer models refuse the old name of the limit, and other servers do not know the new one.</summary>
    bool TakesNewTokenLimit => server.BaseUrl.StartsWith("https://api.openai.com/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The next piece; null at the end of a complete answer.</summary>
    static async ValueTask<ChatChunk?> NextAsync(SseReader events, CallWatch watch, bool finished, CancellationToken cancel)
    {
        try
        {
            if (await events.ReadAsync(watch.Token) is not { } data)
                return finished ? null : throw UpstreamFaults.Cut.ToException();
            return data.Span.SequenceEqual("[DONE]"u8) ? null : Parse(data.Span);
        }
        catch (InvalidDataException)
        {
            throw UpstreamFaults.Nonsense.ToException();
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return finished ? null : throw (UpstreamFaults.Cut with { Inner = failure }).ToException();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return finished ? null : throw UpstreamFaults.TimedOut.ToException();
        }
    }

    static async Task<ChatChunk> ReadWholeAsync(HttpResponseMessage response, CallWatch watch, CancellationToken cancel)
    {
        try
        {
            var whole = Parse((await BoundedBody.ReadAsync(response.Content, MaxWholeBytes, watch.Token)).Span);
            return whole.Choices is { Count: > 0 } ? whole : throw UpstreamFaults.Nonsense.ToException();
        }
        catch (InvalidDataException)
        {
            throw UpstreamFaults.Nonsense.ToException();
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw (UpstreamFaults.Cut with { Inner = failure }).ToException();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw UpstreamFaults.TimedOut.ToException();
        }
    }

    static ChatChunk Parse(ReadOnlySpan<byte> json)
    {
        ChatChunk? chunk;
        try
        {
            chunk = JsonSerializer.Deserialize(json, UpstreamJson.Default.ChatChunk);
        }
        catch (JsonException)
        {
            chunk = null;
        }

        if (chunk is null)
            throw UpstreamFaults.Nonsense.ToException();
        return chunk.Error.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? chunk : throw UpstreamFaults.OfChunk(chunk.Error).ToException();
    }
}
