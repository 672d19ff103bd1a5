using System.Text.Json;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Responses;

/// <summary>
/// Puts a request for a response as one for a chat completion, for providers that know only those. What needs a memory of earlier responses, or
/// tools that OpenAI runs itself, is refused; what a chat completion has no word for and changes no answer is left out. Members that are not
/// known here pass. Source: OpenAI API reference, Create a model response; Create chat completion.
/// </summary>
internal static class ResponseAsChat
{
    /// <summary>The same request on the chat surface. Error: <c>gateway.not_translatable</c> or <c>gateway.request_invalid</c> (400).</summary>
    internal static Result<DialectRequest> Write(DialectRequest response)
    {
        if (!RequestTranslation.Write(response, "", Write).TryGet(out var chat, out var error))
            return error;
        if (!RequestShape.Read(chat.Body.Span).TryGet(out var shape, out error))
            return error;
        return response with { Surface = Surface.ChatCompletions, Body = chat.Body, Shape = shape };
    }

    static void Write(JsonElement root, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var member in root.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null)
                WriteMember(json, member);
        }

        ResponseInput.WriteMessages(json, root);
        json.WriteEndObject();
    }

    static void WriteMember(Utf8JsonWriter json, JsonProperty member)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "input" or "instructions":
            case "store" or "include" or "truncation" or "metadata" or "max_tool_calls" or "stream_options" or "top_logprobs":
                break;
            case "background" when value.IsTrue():
                throw RequestTranslation.CannotSay("This provider does not answer in the background.", "background");
            case "background":
                break;
            case "previous_response_id" or "conversation" or "prompt":
                throw RequestTranslation.CannotSay("This provider keeps no responses or prompts: send the whole input.", member.Name);
            case "max_output_tokens":
                // The older of its two names: servers that have no responses seldom know the newer one.
                json.WriteRaw("max_tokens"u8, value);
                break;
            case "reasoning":
                json.WriteIfThere("reasoning_effort"u8, value.Member("effort"u8));
                break;
            case "text":
                WriteText(json, value);
                break;
            case "tools":
                WriteTools(json, value);
                break;
            case "tool_choice":
                json.WritePropertyName("tool_choice"u8);
                WriteToolChoice(json, value);
                break;
            default:
                json.WritePropertyName(member.Name);
                json.WriteRaw(value);
                break;
        }
    }

    static void WriteText(Utf8JsonWriter json, JsonElement text)
    {
        json.WriteIfThere("verbosity"u8, text.Member("verbosity"u8));
        var format = text.Member("format"u8);
        switch (format.Text("type"u8))
        {
            case null or "text":
                break;
            case "json_object":
                json.WriteRaw("response_format"u8, format);
                break;
            case "json_schema":
                json.WriteStartObject("response_format"u8);
                json.WriteString("type"u8, "json_schema"u8);
                json.WriteStartObject("json_schema"u8);
                WriteMembers(json, format, except: "type");
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            default:
                throw RequestTranslation.Invalid("text.format must be text, json_object or json_schema.", "text");
        }
    }

    static void WriteTools(Utf8JsonWriter json, JsonElement tools)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools.Items())
        {
            if (tool.Text("type"u8) is not "function")
                throw RequestTranslation.CannotSay($"This provider has no tool of the type {tool.Text("type"u8) ?? "null"}, only functions.", "tools");
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            WriteMembers(json, tool, except: "type");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteToolChoice(Utf8JsonWriter json, JsonElement choice)
    {
        switch (choice.Text("type"u8))
        {
            case null when choice.IsText():
                json.WriteRaw(choice);
                break;
            case "function":
                WriteNamed(json, choice);
                break;
            case "allowed_tools":
                json.WriteStartObject();
                json.WriteString("type"u8, "allowed_tools"u8);
                json.WriteStartObject("allowed_tools"u8);
                json.WriteIfThere("mode"u8, choice.Member("mode"u8));
                json.WriteStartArray("tools"u8);
                foreach (var tool in choice.Items("tools"u8))
                    WriteNamed(json, tool);
                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            default:
                throw RequestTranslation.CannotSay("This kind of tool_choice has no counterpart at the provider.", "tool_choice");
        }
    }

    static void WriteNamed(Utf8JsonWriter json, JsonElement tool)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteIfThere("name"u8, tool.Member("name"u8));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteMembers(Utf8JsonWriter json, JsonElement element, string except)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (member.Name == except || member.Value.ValueKind == JsonValueKind.Null)
                continue;
            json.WritePropertyName(member.Name);
            json.WriteRaw(member.Value);
        }
    }
}
