using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>
/// Guards the events of a response. Deltas go through a channel for each text; the events that repeat a text as a whole are guarded as a whole.
/// Arguments of tools go out when they are whole. Events are numbered anew where some came or went.
/// Source: OpenAI API reference, the streaming events of responses.
/// </summary>
internal sealed class ResponseStreamGuard(GuardRun run) : IStreamGuard
{
    readonly Dictionary<string, Open> channels = new(StringComparer.Ordinal);
    JsonObject response = [];
    long shift;
    long last;

    public void Take(ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        if (data.Span.SequenceEqual(SseFrame.DoneData))
        {
            SseFrame.Write(output, data.Span);
            return;
        }

        var told = JsonNode.Parse(data.Span)!.AsObject();
        var type = (string?)told["type"] ?? "";
        if (told["response"] is JsonObject present)
            response = present;
        var isSound = type.EndsWith("audio.delta", StringComparison.Ordinal);
        if (!isSound && type.EndsWith(".delta", StringComparison.Ordinal) && told["delta"] is JsonValue value && value.TryGetValue<string>(out var piece))
        {
            TakeDelta(told, type, piece, data, output);
            return;
        }

        Release(told, type, output);
        if (run.Refused is null)
            TakeWhole(told, type, data, output);
    }

    public void Withhold(GuardStep step, ReplyFacts facts, IBufferWriter<byte> output)
    {
        var end = new JsonObject { ["type"] = "response.incomplete", ["sequence_number"] = last + 1, ["response"] = Withheld.Incomplete((JsonObject)response.DeepClone(), step.Message) };
        SseFrame.Write(output, JsonSerializer.SerializeToUtf8Bytes(end, Withheld.JsonOptions), "response.incomplete");
    }

    void TakeDelta(JsonObject told, string type, string piece, ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        if (type.EndsWith("_arguments.delta", StringComparison.Ordinal))
        {
            // They come once more when they are whole.
            shift--;
            return;
        }

        var key = Key(told, type[..^".delta".Length]);
        if (!channels.TryGetValue(key, out var open))
            channels[key] = open = new Open(run.Open(), told);
        var passed = open.Channel.Push(piece, last: false);
        if (passed.Length == 0)
        {
            shift--;
            return;
        }

        if (string.Equals(passed, piece, StringComparison.Ordinal))
        {
            WriteNumbered(told, type, data.Span, output);
            return;
        }

        told["delta"] = passed;
        LogProbabilities.Remove(told);
        WriteNumbered(told, type, default, output);
    }

    /// <summary>Before a text is told as a whole, or everything ends, comes what of it is still held.</summary>
    void Release(JsonObject told, string type, IBufferWriter<byte> output)
    {
        if (type.EndsWith("_arguments.done", StringComparison.Ordinal) && told["arguments"] is JsonValue value && value.TryGetValue<string>(out var arguments))
        {
            var delta = (JsonObject)told.DeepClone();
            delta.Remove("arguments");
            (delta["type"], delta["delta"]) = ($"{type[..^".done".Length]}.delta", JsonTexts.RewriteArguments(arguments, run.Apply));
            if (run.Refused is null)
                Insert(delta, output);
            return;
        }

        var everything = type is "response.completed" or "response.incomplete" or "response.failed";
        var key = type.EndsWith(".done", StringComparison.Ordinal) ? Key(told, type[..^".done".Length]) : null;
        foreach (var (name, open) in channels.Where(channel => everything || channel.Key == key).ToList())
        {
            channels.Remove(name);
            if (open.Channel.Push("", last: true) is not { Length: > 0 } rest)
                continue;
            var delta = (JsonObject)open.Like.DeepClone();
            (delta["delta"], delta["sequence_number"]) = (rest, told["sequence_number"]?.DeepClone());
            LogProbabilities.Remove(delta);
            Insert(delta, output);
        }
    }

    void TakeWhole(JsonObject told, string type, ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        // Sizes were counted piece by piece.
        var again = run.WithoutLimits();
        var changed = JsonTexts.RewriteReply(data.Span, again.Apply);
        if (again.Refused is { } step)
        {
            run.Refuse(step);
            return;
        }

        if (changed is null)
        {
            WriteNumbered(told, type, data.Span, output);
            return;
        }

        var edited = JsonNode.Parse(changed)!.AsObject();
        LogProbabilities.Remove(edited);
        WriteNumbered(edited, type, default, output);
    }

    /// <summary>An event of ours, in front of the one that bears its number.</summary>
    void Insert(JsonObject delta, IBufferWriter<byte> output)
    {
        WriteNumbered(delta, (string)delta["type"]!, default, output);
        shift++;
    }

    /// <param name="asItCame">Its bytes, when nothing but its number may change.</param>
    void WriteNumbered(JsonObject told, string type, ReadOnlySpan<byte> asItCame, IBufferWriter<byte> output)
    {
        if (told["sequence_number"] is JsonValue number && number.TryGetValue<long>(out var sequence))
        {
            last = sequence + shift;
            if (shift != 0)
            {
                told["sequence_number"] = last;
                asItCame = default;
            }
        }

        // Without a type there is no name.
        SseFrame.Write(output, asItCame.IsEmpty ? JsonSerializer.SerializeToUtf8Bytes(told, Withheld.JsonOptions) : asItCame, type.Length > 0 ? type : null);
    }

    static string Key(JsonObject told, string type) => $"{type} {told["item_id"]} {told["output_index"]} {told["content_index"]} {told["summary_index"]}";

    /// <param name="Like">An event of the kind that the text is told in.</param>
    sealed record Open(TextChannel Channel, JsonObject Like);
}
