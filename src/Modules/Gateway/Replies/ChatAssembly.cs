using System.Buffers;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Replies;

/// <summary>
/// Puts a streamed chat completion together to what it would have been without streaming.
/// Source: OpenAI API reference, the chat completion chunk object and the chat completion object.
/// </summary>
internal sealed class ChatAssembly
{
    readonly StringBuilder content = new();
    readonly StringBuilder reasoning = new();
    readonly StringBuilder refusal = new();
    readonly SortedDictionary<int, ToolCall> calls = [];
    readonly Dictionary<string, JsonElement> head = new(StringComparer.Ordinal);
    string reasoningName = "reasoning_content";
    string? finish;

    /// <summary>Nothing came that could not be put together: several choices, log probabilities, members of other makes.</summary>
    internal bool Complete { get; private set; } = true;

    internal int Characters => content.Length + reasoning.Length + refusal.Length + calls.Values.Sum(call => call.Arguments.Length);

    /// <summary>Takes the data of one event.</summary>
    internal void Take(ReadOnlyMemory<byte> data)
    {
        if (data.Span.SequenceEqual(SseFrame.DoneData))
            return;
        try
        {
            using var chunk = JsonDocument.Parse(data);
            Take(chunk.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            Complete = false;
        }
    }

    /// <param name="facts">The token counts, which the stream did not carry if its caller did not ask.</param>
    internal byte[] Write(ReplyFacts facts)
    {
        var output = new ArrayBufferWriter<byte>(1024 + (Characters * 2));
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        foreach (var (name, value) in head)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }

        json.WriteString("object", "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        WriteMessage(json);
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finish ?? "stop");
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, facts);
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Token counts as a chat completion tells them; nothing where nobody counted.</summary>
    internal static void WriteUsage(Utf8JsonWriter json, ReplyFacts facts)
    {
        if (facts.InputTokens is null && facts.OutputTokens is null)
            return;
        var (input, made) = (facts.InputTokens ?? 0, facts.OutputTokens ?? 0);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", input);
        json.WriteNumber("completion_tokens", made);
        json.WriteNumber("total_tokens", input + made);
        WriteDetail(json, "prompt_tokens_details", "cached_tokens", facts.CachedInputTokens);
        WriteDetail(json, "completion_tokens_details", "reasoning_tokens", facts.ReasoningTokens);
        json.WriteEndObject();
    }

    static void WriteDetail(Utf8JsonWriter json, string name, string count, long? tokens)
    {
        if (tokens is null)
            return;
        json.WriteStartObject(name);
        json.WriteNumber(count, tokens.Value);
        json.WriteEndObject();
    }

    void WriteMessage(Utf8JsonWriter json)
    {
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (content.Length > 0 || calls.Count == 0)
            json.WriteString("content", content.ToString());
        else
            json.WriteNull("content");
        if (reasoning.Length > 0)
            json.WriteString(reasoningName, reasoning.ToString());
        if (refusal.Length > 0)
            json.WriteString("refusal", refusal.ToString());
        else
            json.WriteNull("refusal");
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var (index, call) in calls)
                call.Write(json, index);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    void Take(JsonElement chunk)
    {
        foreach (var member in chunk.EnumerateObject())
        {
            if (member.NameEquals("choices"u8))
            {
                foreach (var choice in member.Value.EnumerateArray())
                    TakeChoice(choice);
            }
            else if (!member.NameEquals("object"u8) && !member.NameEquals("usage"u8) && !head.ContainsKey(member.Name))
            {
                head.Add(member.Name, member.Value.Clone());
            }
        }
    }

    void TakeChoice(JsonElement choice)
    {
        if (choice.TryGetProperty("index", out var index) && index.GetInt32() != 0)
        {
            Complete = false;
            return;
        }

        if (choice.TryGetProperty("logprobs", out var logprobs) && logprobs.ValueKind != JsonValueKind.Null)
            Complete = false;
        if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String)
            finish = reason.GetString();
        if (!choice.TryGetProperty("delta", out var delta) || delta.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in delta.EnumerateObject())
            TakeDelta(member);
    }

    void TakeDelta(JsonProperty member)
    {
        var value = member.Value;
        if (value.ValueKind == JsonValueKind.Null || member.NameEquals("role"u8))
            return;
        if (member.NameEquals("content"u8))
        {
            content.Append(value.GetString());
        }
        else if (member.NameEquals("reasoning_content"u8) || member.NameEquals("reasoning"u8))
        {
            reasoningName = member.Name;
            reasoning.Append(value.GetString());
        }
        else if (member.NameEquals("refusal"u8))
        {
            refusal.Append(value.GetString());
        }
        else if (member.NameEquals("tool_calls"u8))
        {
            foreach (var call in value.EnumerateArray())
                TakeToolCall(call);
        }
        else if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() > 0)
        {
            Complete = false;
        }
    }

    void TakeToolCall(JsonElement fragment)
    {
        var index = fragment.TryGetProperty("index", out var place) ? place.GetInt32() : calls.Count;
        if (!calls.TryGetValue(index, out var call))
            calls[index] = call = new ToolCall();
        call.Take(fragment);
    }

    sealed class ToolCall
    {
        string? id;
        string? type;
        string name = "";

        internal StringBuilder Arguments { get; } = new();

        internal void Take(JsonElement fragment)
        {
            id = Text(fragment, "id") ?? id;
            type = Text(fragment, "type") ?? type;
            if (!fragment.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object)
                return;
            name += Text(function, "name");
            Arguments.Append(Text(function, "arguments"));
        }

        internal void Write(Utf8JsonWriter json, int index)
        {
            json.WriteStartObject();
            json.WriteString("id", id ?? $"call_{index}");
            json.WriteString("type", type ?? "function");
            json.WriteStartObject("function");
            json.WriteString("name", name);
            json.WriteString("arguments", Arguments.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
