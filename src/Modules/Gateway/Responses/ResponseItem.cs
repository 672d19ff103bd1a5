using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Gateway.Responses;

/// <summary>One item of a response's output. Source: OpenAI API reference, the response object.</summary>
internal abstract class ResponseItem(string prefix, int index)
{
    internal string Id { get; } = NewId(prefix);

    /// <summary>Its place in the output.</summary>
    internal int Index { get; } = index;

    /// <summary>All of it has come.</summary>
    internal bool Closed { get; set; }

    internal StringBuilder Text { get; } = new();

    internal static string NewId(string prefix) => prefix + "_" + RandomNumberGenerator.GetHexString(32, lowercase: true);

    internal void WriteTo(Utf8JsonWriter json, string status)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Id);
        WriteMembers(json);
        json.WriteString("status"u8, status);
        json.WriteEndObject();
    }

    protected abstract void WriteMembers(Utf8JsonWriter json);
}

/// <summary>What the model says, or in which words it refuses to.</summary>
internal sealed class MessageItem(int index, bool refuses) : ResponseItem("msg", index)
{
    internal bool Refuses { get; } = refuses;

    internal void WritePart(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, Refuses ? "refusal"u8 : "output_text"u8);
        json.WriteString(Refuses ? "refusal"u8 : "text"u8, Text.ToString());
        if (!Refuses)
        {
            json.WriteStartArray("annotations"u8);
            json.WriteEndArray();
            json.WriteStartArray("logprobs"u8);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
        if (Text.Length > 0)
            WritePart(json);
        json.WriteEndArray();
    }
}

/// <summary>What the model thinks.</summary>
internal sealed class ReasoningItem(int index) : ResponseItem("rs", index)
{
    /// <summary>JSON of the blocks by which the upstream knows its thoughts again; null where it gives none.</summary>
    internal string? Blocks { get; set; }

    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        json.WriteEndArray();
        json.WriteStartArray("content"u8);
        if (Text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "reasoning_text"u8);
            json.WriteString("text"u8, Text.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (Blocks is not null)
            json.WriteString("encrypted_content"u8, SealedThinking.Seal(Blocks));
    }
}

/// <summary>A call of a function; its text are the arguments.</summary>
internal sealed class CallItem(int index, string callId, string name) : ResponseItem("fc", index)
{
    internal string Name { get; } = name;

    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "function_call"u8);
        json.WriteString("call_id"u8, callId);
        json.WriteString("name"u8, Name);
        json.WriteString("arguments"u8, Text.ToString());
    }
}

/// <summary>A picture the model made.</summary>
/// <param name="base64">Of the picture.</param>
internal sealed class ImageItem(int index, string base64) : ResponseItem("ig", index)
{
    protected override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, "image_generation_call"u8);
        json.WriteString("result"u8, base64);
    }
}
