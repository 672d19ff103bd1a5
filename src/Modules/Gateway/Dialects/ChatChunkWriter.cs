using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Dialects;

/// <summary>
/// Writes a streamed reply in OpenAI's words: one server-sent event per piece. The role stands in the first piece of each choice.
/// <c>reasoning_content</c>, <c>thinking_blocks</c>, <c>images</c> and <c>extra_content</c> are not OpenAI's, but what gateways and clients agree on.
/// Source: OpenAI API reference, chat completion chunk object; Google's OpenAI compatibility for <c>extra_content</c>.
/// </summary>
internal sealed class ChatChunkWriter(DialectRequest request, ReplyFacts facts)
{
    readonly HashSet<int> begun = [];

    /// <summary>Of the reply. To be set before the first piece, where the upstream names it.</summary>
    internal string Id { get; set; } = NewId();

    /// <summary>How many events have been written.</summary>
    internal int Count { get; private set; }

    internal static string NewId() => "chatcmpl-" + RandomNumberGenerator.GetHexString(24, lowercase: true);

    internal static string NewCallId() => "call_" + RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>The first piece, which says only who speaks. Does nothing where something was said before.</summary>
    internal void Role(IBufferWriter<byte> output, int choice)
    {
        if (begun.Contains(choice))
            return;
        using var json = Begin(output, choice);
        json.WriteString("content"u8, "");
        End(output, json, null);
    }

    internal void Text(IBufferWriter<byte> output, int choice, string text)
    {
        if (text.Length == 0)
            return;
        facts.OutputBytes += Encoding.UTF8.GetByteCount(text);
        using var json = Begin(output, choice);
        json.WriteString("content"u8, text);
        End(output, json, null);
    }

    internal void Reasoning(IBufferWriter<byte> output, int choice, string text)
    {
        if (text.Length == 0)
            return;
        facts.OutputBytes += Encoding.UTF8.GetByteCount(text);
        using var json = Begin(output, choice);
        json.WriteString("reasoning_content"u8, text);
        End(output, json, null);
    }

    /// <summary>The beginning of a tool call; its arguments follow in fragments, or come with it.</summary>
    internal void ToolCall(IBufferWriter<byte> output, int choice, int index, ToolCallDraft call)
    {
        facts.OutputBytes += Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Arguments);
        using var json = Begin(output, choice);
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        call.WriteMembers(json);
        json.WriteEndObject();
        json.WriteEndArray();
        End(output, json, null);
    }

    internal void ToolArguments(IBufferWriter<byte> output, int choice, int index, string fragment)
    {
        if (fragment.Length == 0)
            return;
        facts.OutputBytes += Encoding.UTF8.GetByteCount(fragment);
        using var json = Begin(output, choice);
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("function"u8);
        json.WriteString("arguments"u8, fragment);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        End(output, json, null);
    }

    internal void Image(IBufferWriter<byte> output, int choice, int index, string dataUri)
    {
        using var json = Begin(output, choice);
        ChatReply.WriteImages(json, [dataUri], index);
        End(output, json, null);
    }

    /// <summary>A whole block of reasoning with the upstream's proof that it is its own, to be given back in the next request.</summary>
    internal void Thinking(IBufferWriter<byte> output, int choice, ThinkingDraft block)
    {
        using var json = Begin(output, choice);
        ChatReply.WriteThinking(json, [block]);
        End(output, json, null);
    }

    /// <summary>The proof that belongs to the text, to be given back with it.</summary>
    internal void Signature(IBufferWriter<byte> output, int choice, string signature)
    {
        using var json = Begin(output, choice);
        ToolCallDraft.WriteSignature(json, signature);
        End(output, json, null);
    }

    internal void Finish(IBufferWriter<byte> output, int choice, string reason)
    {
        using var json = Begin(output, choice);
        End(output, json, reason);
    }

    /// <summary>The token counts, if the caller asked for them, and the end mark.</summary>
    internal void Done(IBufferWriter<byte> output)
    {
        if (request.Shape.AsksUsage)
        {
            output.Write("data: "u8);
            using var json = new Utf8JsonWriter(output, Json.Writing);
            WriteHead(json);
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            ChatReply.WriteUsage(json, facts);
            json.WriteEndObject();
            json.Flush();
            output.Write("\n\n"u8);
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    /// <summary>Writes as far as into the delta.</summary>
    Utf8JsonWriter Begin(IBufferWriter<byte> output, int choice)
    {
        Count++;
        output.Write("data: "u8);
        var json = new Utf8JsonWriter(output, Json.Writing);
        WriteHead(json);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("delta"u8);
        if (begun.Add(choice))
            json.WriteString("role"u8, "assistant"u8);
        return json;
    }

    void End(IBufferWriter<byte> output, Utf8JsonWriter json, string? finish)
    {
        json.WriteEndObject();
        json.WriteString("finish_reason"u8, finish);
        json.WriteEndObject();
        json.WriteEndArray();
        if (request.Shape.AsksUsage)
            json.WriteNull("usage"u8);
        json.WriteEndObject();
        json.Flush();
        output.Write("\n\n"u8);
    }

    void WriteHead(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, request.Now.ToUnixTimeSeconds());
        json.WriteString("model"u8, request.PublicModel);
    }
}
