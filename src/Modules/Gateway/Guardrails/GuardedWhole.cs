using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>A whole reply that has passed the guardrails, or what is said in its place.</summary>
internal sealed class GuardedWhole : ReplyBody
{
    const int MaxBytes = 64 * 1024 * 1024;

    readonly ReplyBody inner;
    readonly ReadOnlyMemory<byte> passed;

    GuardedWhole(ReplyBody inner, ReadOnlyMemory<byte> passed) => (this.inner, this.passed) = (inner, passed);

    internal override ReplyFacts Facts => inner.Facts;

    internal override string ContentType => inner.ContentType;

    /// <summary>Fault: <c>gateway.blocked</c>, where the surface has no way to say that an answer was withheld; or the upstream's.</summary>
    internal static async Task<(ReplyBody? Reply, Fault? Fault)> ReadAsync(ReplyBody reply, GatewayCall call, GuardRun run, CancellationToken cancel)
    {
        GuardedWhole? guarded = null;
        try
        {
            var whole = new ArrayBufferWriter<byte>();
            await foreach (var frame in reply.FramesAsync(cancel))
            {
                if (frame.Length > MaxBytes - whole.WrittenCount)
                    return (null, UpstreamFaults.Nonsense);
                whole.Write(frame.Span);
            }

            var isJson = reply.ContentType.StartsWith("application/json", StringComparison.Ordinal);
            var body = isJson ? Guard(whole.WrittenMemory, run) : Encoding.UTF8.GetBytes(run.Apply(Encoding.UTF8.GetString(whole.WrittenSpan)));
            if (run.Refused is { } step)
            {
                if (call.Surface is not (Surface.ChatCompletions or Surface.Responses))
                    return (null, new Fault(step.Refusal, Blame.Client));
                reply.Facts.FinishReason = Withheld.FinishReason;
                var said = JsonNode.Parse(whole.WrittenSpan)!.AsObject();
                body = call.Surface == Surface.ChatCompletions ? Withheld.Chat(said, step.Message) : Withheld.Response(said, step.Message);
            }

            return (guarded = new GuardedWhole(reply, body), null);
        }
        catch (ModelCallException broken)
        {
            return (null, new Fault(broken.Error, broken.Blame, Inner: broken));
        }
        catch (Exception failure) when (JsonTexts.IsUnreadable(failure))
        {
            return (null, UpstreamFaults.Nonsense);
        }
        finally
        {
            if (guarded is null)
                await reply.DisposeAsync();
        }
    }

    internal override async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return passed;
        await ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    static ReadOnlyMemory<byte> Guard(ReadOnlyMemory<byte> whole, GuardRun run)
    {
        var changed = JsonTexts.RewriteReply(whole.Span, run.Apply);
        var body = changed ?? whole;
        var thinks = body.Span.IndexOf("\"thinking_blocks\""u8) >= 0;
        if (!thinks && (changed is null || body.Span.IndexOf("\"logprobs\""u8) < 0))
            return body;
        var reply = JsonNode.Parse(body.Span);
        foreach (var message in (reply?["choices"] as JsonArray ?? []).Select(choice => choice?["message"]).OfType<JsonObject>())
            ThinkingBlocks.Guard(message, run);
        if (changed is not null)
            LogProbabilities.Remove(reply);
        return JsonSerializer.SerializeToUtf8Bytes(reply, Withheld.JsonOptions);
    }
}
