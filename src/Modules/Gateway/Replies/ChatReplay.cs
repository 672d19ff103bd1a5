using System.Buffers;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Replies;

/// <summary>
/// Tells a whole chat completion as a stream: the role, the text in pieces, tool calls, the reason of the end, the token counts where asked
/// for. Source: OpenAI API reference, the chat completion chunk object.
/// </summary>
internal static class ChatReplay
{
    internal static IEnumerable<ReadOnlyMemory<byte>> Frames(JsonElement whole, bool asksUsage)
    {
        var writer = new ChunkWriter(whole, asksUsage);
        var choice = whole.GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        yield return writer.Delta(json =>
        {
            json.WriteString("role", "assistant");
            json.WriteString("content", "");
        });
        // Thoughts come before words.
        foreach (var member in message.EnumerateObject().OrderBy(member => member.Name.StartsWith("reasoning", StringComparison.Ordinal) ? 0 : 1))
        {
            foreach (var frame in Member(writer, member))
                yield return frame;
        }

        var finish = choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString()! : "stop";
        yield return writer.Delta(_ => { }, finish);
        if (asksUsage && whole.TryGetProperty("usage", out var usage))
            yield return writer.Usage(usage);
        yield return "data: [DONE]\n\n"u8.ToArray();
    }

    static IEnumerable<ReadOnlyMemory<byte>> Member(ChunkWriter writer, JsonProperty member)
    {
        switch (member.Value.ValueKind)
        {
            case JsonValueKind.Null:
            case JsonValueKind.Array when member.Value.GetArrayLength() == 0:
            case JsonValueKind.String when member.Name == "role":
                return [];
            case JsonValueKind.String:
                return TextPieces.Of(member.Value.GetString()!).Select(piece => writer.Delta(json => json.WriteString(member.Name, piece)));
            case JsonValueKind.Array when member.Name == "tool_calls":
                return member.Value.EnumerateArray().SelectMany((call, index) => ToolCall(writer, call, index));
            default:
                return [writer.Delta(json => member.WriteTo(json))];
        }
    }

    static IEnumerable<ReadOnlyMemory<byte>> ToolCall(ChunkWriter writer, JsonElement call, int index)
    {
        var arguments = "";
        yield return Fragment(json =>
        {
            foreach (var member in call.EnumerateObject())
            {
                if (member.NameEquals("function"u8) && member.Value.ValueKind == JsonValueKind.Object)
                    arguments = WriteFunction(json, member.Value);
                else if (!member.NameEquals("index"u8))
                    member.WriteTo(json);
            }
        });
        foreach (var piece in TextPieces.Of(arguments))
        {
            yield return Fragment(json =>
            {
                json.WriteStartObject("function");
                json.WriteString("arguments", piece);
                json.WriteEndObject();
            });
        }

        ReadOnlyMemory<byte> Fragment(Action<Utf8JsonWriter> write) => writer.Delta(json =>
        {
            json.WriteStartArray("tool_calls");
            json.WriteStartObject();
            json.WriteNumber("index", index);
            write(json);
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    /// <summary>All but the arguments, which are returned.</summary>
    static string WriteFunction(Utf8JsonWriter json, JsonElement function)
    {
        var arguments = "";
        json.WriteStartObject("function");
        foreach (var member in function.EnumerateObject())
        {
            if (member.NameEquals("arguments"u8) && member.Value.ValueKind == JsonValueKind.String)
                arguments = member.Value.GetString()!;
            else
                member.WriteTo(json);
        }

        json.WriteString("arguments", "");
        json.WriteEndObject();
        return arguments;
    }

    /// <summary>Writes chunks that carry the reply's id, model and the like.</summary>
    sealed class ChunkWriter(JsonElement whole, bool nullUsage)
    {
        readonly ArrayBufferWriter<byte> output = new(512);

        /// <summary>Valid until the next is written.</summary>
        internal ReadOnlyMemory<byte> Delta(Action<Utf8JsonWriter> write, string? finish = null)
            => Frame(json =>
            {
                json.WriteStartArray("choices");
                json.WriteStartObject();
                json.WriteNumber("index", 0);
                json.WriteStartObject("delta");
                write(json);
                json.WriteEndObject();
                json.WriteNull("logprobs");
                json.WriteString("finish_reason", finish);
                json.WriteEndObject();
                json.WriteEndArray();
                if (nullUsage)
                    json.WriteNull("usage");
            });

        internal ReadOnlyMemory<byte> Usage(JsonElement usage)
            => Frame(json =>
            {
                json.WriteStartArray("choices");
                json.WriteEndArray();
                json.WritePropertyName("usage");
                usage.WriteTo(json);
            });

        ReadOnlyMemory<byte> Frame(Action<Utf8JsonWriter> write)
        {
            output.ResetWrittenCount();
            SseFrame.Write(output, json =>
            {
                WholeAsStream.WriteHead(json, whole);
                write(json);
            });
            return output.WrittenMemory;
        }
    }
}
