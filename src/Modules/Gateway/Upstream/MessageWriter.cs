using System.Text.Json;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Upstream;

/// <summary>Writes one message of a conversation.</summary>
internal static class MessageWriter
{
    internal static void WriteText(Utf8JsonWriter json, string role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", text);
        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        foreach (var result in message.Contents.OfType<FunctionResultContent>())
            WriteResult(json, result);
        var calls = message.Contents.OfType<FunctionCallContent>().ToList();
        var images = message.Contents.Where(IsImage).ToList();
        var text = message.Text;

        // An answer that was stopped before its first word has nothing to say, and some servers refuse empty messages.
        if (text.Length == 0 && calls.Count == 0 && images.Count == 0)
            return;
        if (calls.Count == 0 && images.Count == 0)
        {
            WriteText(json, message.Role.Value, text);
            return;
        }

        json.WriteStartObject();
        json.WriteString("role", message.Role.Value);
        if (images.Count > 0)
            WriteParts(json, text, images);
        else if (text.Length > 0)
            json.WriteString("content", text);
        else
            json.WriteNull("content");
        if (calls.Count > 0)
            WriteCalls(json, calls);
        json.WriteEndObject();
    }

    static bool IsImage(AIContent content)
        => content is DataContent data && data.HasTopLevelMediaType("image") || content is UriContent uri && uri.HasTopLevelMediaType("image");

    static void WriteParts(Utf8JsonWriter json, string text, List<AIContent> images)
    {
        json.WriteStartArray("content");
        if (text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type", "text");
            json.WriteString("text", text);
            json.WriteEndObject();
        }

        foreach (var image in images)
        {
            json.WriteStartObject();
            json.WriteString("type", "image_url");
            json.WriteStartObject("image_url");
            json.WriteString("url", image is DataContent data ? data.Uri : ((UriContent)image).Uri.AbsoluteUri);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteCalls(Utf8JsonWriter json, List<FunctionCallContent> calls)
    {
        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.CallId);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(StringComparer.Ordinal), AIJsonUtilities.DefaultOptions));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", result.CallId);
        json.WriteString("content", result.Result as string ?? JsonSerializer.Serialize(result.Result, AIJsonUtilities.DefaultOptions));
        json.WriteEndObject();
    }
}
