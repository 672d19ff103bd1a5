using System.Buffers;
using System.Text.Json;

namespace JeanTrail.Gateway.Exchange;

/// <summary>
/// A whole chat completion as the stream that was asked for, in one piece: some servers do not stream whatever they are asked.
/// Source: OpenAI API reference, the chat completion object and the chat completion chunk object.
/// </summary>
internal static class WholeAsStream
{
    /// <exception cref="JsonException">It is not JSON.</exception>
    internal static void Write(ReadOnlyMemory<byte> completion, bool withUsage, IBufferWriter<byte> output)
    {
        using var document = JsonDocument.Parse(completion);
        var whole = document.RootElement;
        if (whole.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array)
        {
            foreach (var choice in choices.EnumerateArray())
                WriteEvent(output, whole, json => WriteChoice(json, choice), usage: default);
        }

        if (withUsage && whole.TryGetProperty("usage", out var usage))
            WriteEvent(output, whole, choice: null, usage);
        SseFrame.Write(output, SseFrame.DoneData);
    }

    static void WriteEvent(IBufferWriter<byte> output, JsonElement whole, Action<Utf8JsonWriter>? choice, JsonElement usage) => SseFrame.Write(output, json =>
    {
        WriteHead(json, whole);
        json.WriteStartArray("choices");
        choice?.Invoke(json);
        json.WriteEndArray();
        if (usage.ValueKind == JsonValueKind.Object)
        {
            json.WritePropertyName("usage");
            usage.WriteTo(json);
        }
    });

    /// <summary>Whatever a completion says of itself (id, created, model, fingerprint) is said of each chunk of it.</summary>
    internal static void WriteHead(Utf8JsonWriter json, JsonElement whole)
    {
        foreach (var member in whole.EnumerateObject())
        {
            if (member.NameEquals("object"u8))
                json.WriteString("object", "chat.completion.chunk");
            else if (!member.NameEquals("choices"u8) && !member.NameEquals("usage"u8))
                member.WriteTo(json);
        }
    }

    static void WriteChoice(Utf8JsonWriter json, JsonElement choice)
    {
        json.WriteStartObject();
        foreach (var member in choice.EnumerateObject())
        {
            if (!member.NameEquals("message"u8))
            {
                member.WriteTo(json);
                continue;
            }

            json.WriteStartObject("delta");
            if (member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var part in member.Value.EnumerateObject())
                {
                    if (part.NameEquals("tool_calls"u8) && part.Value.ValueKind == JsonValueKind.Array)
                        WriteCalls(json, part.Value);
                    else
                        part.WriteTo(json);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>In a stream calls are told apart by their index.</summary>
    static void WriteCalls(Utf8JsonWriter json, JsonElement calls)
    {
        json.WriteStartArray("tool_calls");
        var index = 0;
        foreach (var call in calls.EnumerateArray().Where(call => call.ValueKind == JsonValueKind.Object))
        {
            json.WriteStartObject();
            json.WriteNumber("index", index++);
            foreach (var member in call.EnumerateObject().Where(member => !member.NameEquals("index"u8)))
                member.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
