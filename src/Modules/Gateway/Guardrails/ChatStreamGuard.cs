using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Gateway.Usage;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>
/// Guards the chunks of a chat completion. Each text of each choice has a channel of its own; what a channel still holds goes out before the
/// choice ends. Fragments of tool arguments, which nobody can use before they are whole, are collected and go out whole.
/// </summary>
internal sealed class ChatStreamGuard(GuardRun run, bool asksUsage) : IStreamGuard
{
    /// <summary>Of all arguments that are collected at a time, in characters.</summary>
    const int MostArguments = 4 * 1024 * 1024;

    static readonly string[] Texts = ["content", "refusal", "reasoning_content", "reasoning"];

    /// <summary>What a delta may hold besides: anything else may repeat a text, and is left out.</summary>
    static readonly string[] Others = ["role", "tool_calls", "function_call", "thinking_blocks", "images", "audio", "annotations", "extra_content"];

    readonly Dictionary<(int Choice, string Text), TextChannel> channels = [];
    readonly Dictionary<(int Choice, int Call, string Member), StringBuilder> arguments = [];
    readonly SortedSet<int> choices = [];
    JsonObject head = [];

    public void Take(ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        if (data.Span.SequenceEqual(SseFrame.DoneData))
        {
            // Some servers give no reason for the end.
            foreach (var choice in choices)
                Release(choice, output);
            if (run.Refused is null)
                SseFrame.Write(output, data.Span);
            return;
        }

        var chunk = JsonNode.Parse(data.Span)!.AsObject();
        head = chunk;
        var changed = false;
        foreach (var choice in (chunk["choices"] as JsonArray ?? []).OfType<JsonObject>())
            changed |= TakeChoice(choice, output);
        if (run.Refused is null)
            SseFrame.Write(output, changed ? JsonSerializer.SerializeToUtf8Bytes(chunk, Withheld.JsonOptions) : data.Span);
    }

    public void Withhold(GuardStep step, ReplyFacts facts, IBufferWriter<byte> output)
    {
        foreach (var choice in choices.DefaultIfEmpty(0))
        {
            Write(new JsonObject { ["refusal"] = step.Message }, choice, finish: null, output);
            Write([], choice, Withheld.FinishReason, output);
        }

        if (asksUsage)
        {
            var (input, made) = (facts.InputTokens ?? 0, facts.OutputTokens ?? TokenCounts.FromBytes(facts.OutputBytes));
            var chunk = Chunk([]);
            chunk["usage"] = new JsonObject { ["prompt_tokens"] = input, ["completion_tokens"] = made, ["total_tokens"] = input + made };
            SseFrame.Write(output, JsonSerializer.SerializeToUtf8Bytes(chunk, Withheld.JsonOptions));
        }

        SseFrame.Write(output, SseFrame.DoneData);
    }

    /// <summary>True when something in the choice is not as it came.</summary>
    bool TakeChoice(JsonObject choice, IBufferWriter<byte> output)
    {
        var index = (int?)choice["index"] ?? 0;
        choices.Add(index);
        var ends = choice["finish_reason"] is not null;
        var changed = false;
        if (choice["delta"] is JsonObject delta)
        {
            // Words after thoughts: the thoughts are over.
            if (delta["content"]?.ToString() is { Length: > 0 })
                Release(index, output, "reasoning");
            changed |= TakeDelta(delta, index, ends);
        }

        if (changed)
            LogProbabilities.Remove(choice);
        if (ends)
            Release(index, output);
        return changed;
    }

    bool TakeDelta(JsonObject delta, int choice, bool ends)
    {
        var changed = ThinkingBlocks.Guard(delta, run);
        foreach (var unknown in delta.Select(member => member.Key).Except([.. Texts, .. Others], StringComparer.Ordinal).ToList())
            changed |= delta.Remove(unknown);
        foreach (var name in Texts)
        {
            changed |= TakeText(delta, name, choice, name, ends);
            // Some servers give texts in parts even in a stream, and thoughts as parts of a part.
            foreach (var part in Objects(delta[name]))
            {
                changed |= TakeText(part, "text", choice, name, last: false);
                foreach (var thought in Objects(part["thinking"]))
                    changed |= TakeText(thought, "text", choice, "reasoning", last: false);
            }
        }

        changed |= TakeFragment(delta["function_call"], "arguments", (choice, 0, "function_call"), ends);
        foreach (var call in Objects(delta["tool_calls"]))
        {
            var index = (int?)call["index"] ?? arguments.Keys.Count(key => key.Choice == choice);
            changed |= TakeFragment(call["function"], "arguments", (choice, index, "function"), ends);
            changed |= TakeFragment(call["custom"], "input", (choice, index, "custom"), ends);
        }

        return changed;
    }

    bool TakeText(JsonObject holder, string member, int choice, string name, bool last)
    {
        if (Text(holder, member) is not { Length: > 0 } text)
            return false;
        if (!channels.TryGetValue((choice, name), out var channel))
            channels[(choice, name)] = channel = run.Open();
        var passed = channel.Push(text, last);
        if (last)
            channels.Remove((choice, name));
        if (string.Equals(passed, text, StringComparison.Ordinal))
            return false;
        holder[member] = passed;
        return true;
    }

    /// <param name="ends">It is the last: what was collected goes out in its place.</param>
    bool TakeFragment(JsonNode? holder, string member, (int Choice, int Call, string Member) key, bool ends)
    {
        if (holder?[member] is JsonObject instead)
        {
            holder[member] = JsonNode.Parse(JsonTexts.RewriteArguments(instead.ToJsonString(), run.Apply));
            return true;
        }

        if (Text(holder, member) is not { Length: > 0 } fragment)
            return false;
        if (!arguments.TryGetValue(key, out var whole))
            arguments[key] = whole = new StringBuilder();
        whole.Append(fragment);
        if (arguments.Values.Sum(each => each.Length) > MostArguments)
            throw UpstreamFaults.Nonsense.ToException();
        var passed = "";
        if (ends)
        {
            passed = JsonTexts.RewriteArguments(whole.ToString(), run.Apply);
            arguments.Remove(key);
        }

        holder![member] = passed;
        return !string.Equals(passed, fragment, StringComparison.Ordinal);
    }

    /// <summary>Lets go of what is held for a choice.</summary>
    /// <param name="only">Texts whose names begin so; null for all, and tool arguments.</param>
    void Release(int choice, IBufferWriter<byte> output, string? only = null)
    {
        foreach (var name in Texts.Where(name => only is null || name.StartsWith(only, StringComparison.Ordinal)))
        {
            if (channels.Remove((choice, name), out var channel) && channel.Push("", last: true) is { Length: > 0 } rest)
                Write(new JsonObject { [name] = rest }, choice, finish: null, output);
        }

        if (only is not null)
            return;
        foreach (var key in arguments.Keys.Where(key => key.Choice == choice).OrderBy(key => key.Call).ToList())
        {
            arguments.Remove(key, out var fragments);
            var whole = JsonTexts.RewriteArguments(fragments!.ToString(), run.Apply);
            if (run.Refused is null)
                Write(Call(key.Call, key.Member, whole), choice, finish: null, output);
        }
    }

    static JsonObject Call(int index, string member, string whole)
        => member == "function_call"
            ? new JsonObject { [member] = new JsonObject { ["arguments"] = whole } }
            : new JsonObject { ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = index, [member] = new JsonObject { [member == "custom" ? "input" : "arguments"] = whole } }) };

    static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    static string? Text(JsonNode? holder, string member) => holder?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    void Write(JsonObject delta, int choice, string? finish, IBufferWriter<byte> output)
        => SseFrame.Write(
            output,
            JsonSerializer.SerializeToUtf8Bytes(Chunk(new JsonArray(new JsonObject { ["index"] = choice, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish })), Withheld.JsonOptions));

    /// <summary>A chunk of our own that says of itself what the upstream's say.</summary>
    JsonObject Chunk(JsonArray inside)
    {
        var chunk = new JsonObject();
        foreach (var (name, value) in head.Where(member => member.Key is not ("choices" or "usage")))
            chunk[name] = value?.DeepClone();
        chunk["choices"] = inside;
        return chunk;
    }
}
