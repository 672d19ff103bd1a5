using System.Text;
using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Gemini;

/// <summary>
/// Writes the conversation. The proofs that the model gave with its words and calls go back with them, where the caller kept them in
/// <c>extra_content.google.thought_signature</c>. Source: Gemini API reference, Content and Part; Function calling; Thought signatures.
/// </summary>
internal static class GeminiContents
{
    /// <summary>What Google tells to send for calls that another model made, or whose proof was lost.</summary>
    static ReadOnlySpan<byte> NoSignature => "skip_thought_signature_validator"u8;

    internal static void Write(Utf8JsonWriter json, ChatHistory history, GeminiModel model, string? instruction)
    {
        if (instruction is not null || (!history.IsOnlySystem && history.SystemMessages.Count > 0))
        {
            json.WriteStartObject("systemInstruction"u8);
            json.WriteStartArray("parts"u8);
            foreach (var message in history.IsOnlySystem ? [] : history.SystemMessages)
                WriteTexts(json, message, "A system message holds only text.");
            if (instruction is not null)
                WriteText(json, instruction);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteStartArray("contents"u8);
        if (history.IsOnlySystem)
            WriteTurn(json, new ChatTurn(false, history.SystemMessages), history, model);
        foreach (var turn in history.Turns)
            WriteTurn(json, turn, history, model);
        json.WriteEndArray();
    }

    static void WriteTurn(Utf8JsonWriter json, ChatTurn turn, ChatHistory history, GeminiModel model)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, turn.IsModel ? "model"u8 : "user"u8);
        json.WriteStartArray("parts"u8);
        foreach (var message in turn.Results)
            WriteResult(json, message, history);
        foreach (var message in turn.Results)
            GeminiParts.WriteMedia(json, message);
        foreach (var message in turn.Others)
        {
            if (turn.IsModel)
                WriteModel(json, message, model);
            else
                GeminiParts.Write(json, message);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteResult(Utf8JsonWriter json, JsonElement message, ChatHistory history)
    {
        var id = message.Text("tool_call_id"u8);
        if (id is null || !history.ToolNames.TryGetValue(id, out var name))
            throw RequestTranslation.Invalid("A message of a tool must answer a call that stands before it.", "messages");
        json.WriteStartObject();
        json.WriteStartObject("functionResponse"u8);
        json.WriteString("id"u8, id);
        json.WriteString("name"u8, name);
        json.WritePropertyName("response"u8);
        ToolArguments.Write(json, TextOf(message), "result"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteModel(Utf8JsonWriter json, JsonElement message, GeminiModel model)
    {
        WriteTexts(json, message, "An answer of the model holds only text.", Signature(message));
        foreach (var image in message.Items("images"u8))
            GeminiParts.WriteUrl(json, image.Member("image_url"u8).Member("url"u8), "image/png");
        var first = true;
        foreach (var call in message.Items("tool_calls"u8))
        {
            var function = call.Member("function"u8);
            json.WriteStartObject();
            json.WriteStartObject("functionCall"u8);
            json.WriteRaw("id"u8, call.Member("id"u8));
            json.WriteRaw("name"u8, function.Member("name"u8));
            json.WritePropertyName("args"u8);
            ToolArguments.Write(json, function.Text("arguments"u8), "arguments"u8);
            json.WriteEndObject();
            // Of calls made at once only the first has one.
            if (Signature(call) is { ValueKind: JsonValueKind.String } signature)
                json.WriteRaw("thoughtSignature"u8, signature);
            else if (first && model.WantsSignatures)
                json.WriteString("thoughtSignature"u8, NoSignature);
            json.WriteEndObject();
            first = false;
        }
    }

    static void WriteTexts(Utf8JsonWriter json, JsonElement message, string otherwise, JsonElement signature = default)
    {
        var content = message.Member("content"u8);
        var parts = new List<JsonElement>();
        if (content.IsWritten())
            parts.Add(content);
        foreach (var part in content.Items())
        {
            if (part.Text("type"u8) is not ("text" or "refusal"))
                throw RequestTranslation.CannotSay(otherwise, "messages");
            parts.Add(part.Text("type"u8) == "text" ? part.Member("text"u8) : part.Member("refusal"u8));
        }

        parts.Add(message.Member("refusal"u8));
        parts.RemoveAll(part => !part.IsWritten());
        for (var i = 0; i < parts.Count; i++)
        {
            json.WriteStartObject();
            json.WriteRaw("text"u8, parts[i]);
            if (i == parts.Count - 1 && signature.IsText())
                json.WriteRaw("thoughtSignature"u8, signature);
            json.WriteEndObject();
        }
    }

    static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    static JsonElement Signature(JsonElement carrier) => carrier.Member("extra_content"u8).Member("google"u8).Member("thought_signature"u8);

    static string TextOf(JsonElement message)
    {
        if (message.Text("content"u8) is { } text)
            return text;
        var all = new StringBuilder();
        foreach (var part in message.Items("content"u8))
            all.Append(part.Text("text"u8));
        return all.ToString();
    }
}
