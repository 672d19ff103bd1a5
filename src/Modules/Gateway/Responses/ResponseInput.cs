using System.Text;
using System.Text.Json;
using JeanTrail.Gateway.Dialects;

namespace JeanTrail.Gateway.Responses;

/// <summary>
/// Writes the items of a response's input as the messages of a chat. What the model said, thought and called before anybody answered it is one
/// message there and several items here. Source: OpenAI API reference, Create a model response, <c>input</c>.
/// </summary>
internal sealed class ResponseInput
{
    readonly Utf8JsonWriter json;
    readonly StringBuilder said = new();
    readonly List<JsonElement> calls = [];
    readonly StringBuilder thought = new();
    string? thinkingBlocks;

    ResponseInput(Utf8JsonWriter json) => this.json = json;

    internal static void WriteMessages(Utf8JsonWriter json, JsonElement request)
    {
        json.WriteStartArray("messages"u8);
        var messages = new ResponseInput(json);
        var input = request.Member("input"u8);
        if (request.Text("instructions"u8) is { Length: > 0 } instructions)
            messages.WriteText("system", instructions);
        if (input.IsText())
            messages.WriteText("user", input.GetString()!);
        else if (input.ValueKind != JsonValueKind.Array)
            throw RequestTranslation.Invalid("input must be a string or an array.", "input");
        foreach (var item in input.Items())
            messages.Take(item);
        messages.EndModel();
        json.WriteEndArray();
    }

    void Take(JsonElement item)
    {
        switch (item.Text("type"u8))
        {
            case null or "message":
                TakeMessage(item);
                break;
            case "function_call":
                calls.Add(item);
                break;
            case "function_call_output":
                EndModel();
                Begin("tool");
                json.WriteIfThere("tool_call_id"u8, item.Member("call_id"u8));
                WriteContent(item.Member("output"u8));
                json.WriteEndObject();
                break;
            case "reasoning":
                TakeReasoning(item);
                break;
            case var type:
                throw RequestTranslation.CannotSay($"This provider takes no input of the type {type}.", "input");
        }
    }

    void TakeMessage(JsonElement message)
    {
        var role = message.Text("role"u8);
        switch (role)
        {
            case "assistant":
                if (said.Length > 0)
                    said.Append("\n\n");
                said.Append(TextOf(message.Member("content"u8)));
                break;
            case "system" or "developer":
                EndModel();
                WriteText("system", TextOf(message.Member("content"u8)));
                break;
            case "user":
                EndModel();
                Begin(role);
                WriteContent(message.Member("content"u8));
                json.WriteEndObject();
                break;
            default:
                throw RequestTranslation.Invalid("The role of a message must be developer, system, user or assistant.", "input");
        }
    }

    void TakeReasoning(JsonElement item)
    {
        foreach (var part in item.Items("content"u8))
            thought.Append(part.Text("text"u8));
        thinkingBlocks = SealedThinking.Open(item.Text("encrypted_content"u8)) ?? thinkingBlocks;
    }

    /// <summary>Somebody else's turn: what the model did until now is one message.</summary>
    void EndModel()
    {
        if (said.Length > 0 || calls.Count > 0)
        {
            Begin("assistant");
            if (said.Length > 0)
                json.WriteString("content"u8, said.ToString());
            else
                json.WriteNull("content"u8);
            if (calls.Count > 0)
                WriteCalls();
            if (thinkingBlocks is not null)
            {
                json.WritePropertyName("thinking_blocks"u8);
                json.WriteRawValue(thinkingBlocks);
            }

            json.WriteEndObject();
        }

        said.Clear();
        calls.Clear();
        thought.Clear();
        thinkingBlocks = null;
    }

    void WriteCalls()
    {
        // Models that think between calls want their thoughts back; at the end of an answer some refuse them.
        if (thought.Length > 0)
            json.WriteString("reasoning_content"u8, thought.ToString());
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteIfThere("id"u8, call.Member("call_id"u8));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteIfThere("name"u8, call.Member("name"u8));
            json.WriteIfThere("arguments"u8, call.Member("arguments"u8));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    void WriteText(string role, string text)
    {
        Begin(role);
        json.WriteString("content"u8, text);
        json.WriteEndObject();
    }

    void Begin(string role)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
    }

    /// <summary>Plain text where it is no more than that: not every server takes parts.</summary>
    void WriteContent(JsonElement content)
    {
        if (!content.Items().Any(part => !IsText(part)))
        {
            json.WriteString("content"u8, TextOf(content));
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var part in content.Items())
        {
            json.WriteStartObject();
            WritePart(part);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    void WritePart(JsonElement part)
    {
        switch (part.Text("type"u8))
        {
            case "input_text" or "output_text" or "text":
                json.WriteString("type"u8, "text"u8);
                json.WriteIfThere("text"u8, part.Member("text"u8));
                break;
            case "input_image" when part.Member("image_url"u8).IsText():
                json.WriteString("type"u8, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                json.WriteRaw("url"u8, part.Member("image_url"u8));
                json.WriteIfThere("detail"u8, part.Member("detail"u8));
                json.WriteEndObject();
                break;
            case "input_file" when part.Member("file_data"u8).IsText():
                json.WriteString("type"u8, "file"u8);
                json.WriteStartObject("file"u8);
                json.WriteIfThere("filename"u8, part.Member("filename"u8));
                json.WriteRaw("file_data"u8, part.Member("file_data"u8));
                json.WriteEndObject();
                break;
            case "input_audio":
                json.WriteString("type"u8, "input_audio"u8);
                json.WriteIfThere("input_audio"u8, part.Member("input_audio"u8));
                break;
            case "input_image" or "input_file":
                throw RequestTranslation.CannotSay("This provider keeps no files: send them within the request.", "input");
            case var type:
                throw RequestTranslation.CannotSay($"This provider takes no content of the type {type ?? "null"}.", "input");
        }
    }

    static bool IsText(JsonElement part) => part.Text("type"u8) is "input_text" or "output_text" or "text" or "refusal";

    /// <summary>The text of a message that holds nothing else.</summary>
    static string TextOf(JsonElement content)
    {
        if (content.Text() is { } text)
            return text;
        if (content.Items().Any(part => !IsText(part)))
            throw RequestTranslation.CannotSay("Only what a person says or a tool answers may hold more than text.", "input");
        return string.Concat(content.Items().Select(part => part.Text("text"u8) ?? part.Text("refusal"u8)));
    }
}
