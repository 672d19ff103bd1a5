using System.Runtime.CompilerServices;
using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Basic;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Upstream;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Calls;

/// <summary>A model for the house's own use: the field's interface over the same exchange that serves callers from outside.</summary>
/// <param name="modelId">A route, or <c>provider/model</c>; updates carry who answered.</param>
internal sealed class ExchangeChatClient(ModelExchange exchange, Consumer consumer, string modelId) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <exception cref="ModelCallException">The call failed; what was yielded before stays valid.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var body = ChatRequestWriter.Write(modelId, messages, options);
        if (!RequestShape.Read(body.Span).TryGet(out var shape, out var invalid))
            throw new ModelCallException(invalid, Blame.Server);
        var keepNothing = BasicChatClient.KeepsNothing(options);
        var call = new GatewayCall(
            Surface.ChatCompletions, consumer, body, shape, "application/json", GatewayCall.CurrentTrace(), keepNothing ? CacheUse.None : CacheUse.ReadAndStore, keepNothing);
        var (opened, fault) = await exchange.OpenAsync(call, cancellationToken);
        if (opened is null)
            throw Told(fault!);
        await using var reply = opened;
        var assembler = new ReplyAssembler(reply.ModelId);
        await using var frames = reply.FramesAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await frames.MoveNextAsync())
        {
            var rest = frames.Current;
            while (TakeEvent(ref rest) is { } data)
            {
                if (!data.Span.SequenceEqual(SseFrame.DoneData) && assembler.Take(Parse(data.Span)) is { } update)
                    yield return update;
            }
        }

        yield return assembler.End(reply.Entry.Facts);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
        => serviceKey is null && serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("jeantrail", null, modelId)
            : serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // Nothing is held between calls.
    }

    /// <summary>Nothing was said yet, so that somebody else may still answer; a conversation that is too long would be for them as well.</summary>
    static ModelCallException Told(Fault fault)
        => (fault.Error.Code == GatewayErrors.ContextTooLong.Code ? fault : fault with { Error = fault.Error.OfferingBasic() }).ToException();

    /// <summary>The data of the next event of a frame, which the exchange writes one line each; null at its end.</summary>
    static ReadOnlyMemory<byte>? TakeEvent(ref ReadOnlyMemory<byte> frame)
    {
        var end = frame.Span.IndexOf("\n\n"u8);
        if (end < 0)
            return null;
        var data = frame["data: ".Length..end];
        frame = frame[(end + 2)..];
        return data;
    }

    static ChatChunk Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, UpstreamJson.Default.ChatChunk) is { } chunk)
                return chunk;
        }
        catch (JsonException)
        {
            // JSON, but not of the shape: told like anything else that cannot be understood.
        }

        throw UpstreamFaults.Nonsense.ToException();
    }
}
