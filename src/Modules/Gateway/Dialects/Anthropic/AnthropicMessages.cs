using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>Writes the conversation. Source: Anthropic API reference, Create a Message; Tool use, Handle tool calls.</summary>
internal static class AnthropicMessages
{
    /// <param name="instruction">For the end of the system prompt, or null.</param>
    internal static void Write(Utf8JsonWriter json, ChatHistory history, string? instruction)
    {
        if (instruction is not null || (!history.IsOnlySystem && history.SystemMessages.Count > 0))
            WriteSystem(json, history.IsOnlySystem ? [] : history.SystemMessages, instruction);
        json.WriteStartArray("messages"u8);
        if (history.IsOnlySystem)
            WriteTurn(json, new ChatTurn(false, history.SystemMessages), isLast: true);
        else if (history.Turns[0].IsModel)
            WriteOpening(json);
        for (var i = 0; i < history.Turns.Count; i++)
            WriteTurn(json, history.Turns[i], i == history.Turns.Count - 1);
        json.WriteEndArray();
    }

    static void WriteSystem(Utf8JsonWriter json, List<JsonElement> messages, string? instruction)
    {
        json.WriteStartArray("system"u8);
        foreach (var message in messages)
            AnthropicContent.WriteTexts(json, message, "A system message holds only text.");
        if (instruction is not null)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, instruction);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The model cannot have begun: histories that were cut at their front are given a first word.</summary>
    static void WriteOpening(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        json.WriteString("content"u8, "(…)"u8);
        json.WriteEndObject();
    }

    static void WriteTurn(Utf8JsonWriter json, ChatTurn turn, bool isLast)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, turn.IsModel ? "assistant"u8 : "user"u8);
        json.WriteStartArray("content"u8);
        foreach (var message in turn.Results)
            AnthropicContent.WriteResult(json, message);
        foreach (var message in turn.Others)
        {
            if (turn.IsModel)
                WriteModel(json, message, isLast);
            else
                AnthropicContent.WriteContent(json, message);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WriteModel(Utf8JsonWriter json, JsonElement message, bool isLast)
    {
        foreach (var block in message.Items("thinking_blocks"u8))
        {
            // Without its proof a block would be refused.
            if ((block.Text("type"u8) == "thinking" && block.Member("signature"u8).IsWritten()) || (block.Text("type"u8) == "redacted_thinking" && block.Member("data"u8).IsWritten()))
                json.WriteRaw(block);
        }

        AnthropicContent.WriteTexts(json, message, "An answer of the model holds only text.", trimEnd: isLast);
        foreach (var call in message.Items("tool_calls"u8))
        {
            var function = call.Member("function"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "tool_use"u8);
            json.WriteString("id"u8, AnthropicContent.CallId(call.Text("id"u8)));
            json.WriteRaw("name"u8, function.Member("name"u8));
            json.WritePropertyName("input"u8);
            ToolArguments.Write(json, function.Text("arguments"u8), "arguments"u8);
            json.WriteEndObject();
        }
    }
}
