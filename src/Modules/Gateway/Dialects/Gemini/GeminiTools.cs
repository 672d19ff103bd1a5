using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Gemini;

/// <summary>The tools of a request and which of them must be used. Source: Gemini API reference, Tool and ToolConfig; Function calling.</summary>
internal sealed class GeminiTools
{
    readonly List<JsonElement> functions = [];
    readonly List<JsonElement> own = [];
    ToolChoice choice = new(ToolUse.Auto);

    internal bool Any => functions.Count > 0;

    internal static GeminiTools Read(JsonElement root)
    {
        var tools = new GeminiTools { choice = ToolChoice.Of(root) };
        foreach (var tool in root.Items("tools"u8))
        {
            var function = tool.Member("function"u8);
            if (function.Text("name"u8) is { Length: > 0 } name)
            {
                if (tools.choice.Allows(name))
                    tools.functions.Add(function);
            }
            else if (tool.IsObject() && tool.Member("type"u8).ValueKind == JsonValueKind.Undefined && !function.IsObject())
            {
                // One of Google's, such as {"googleSearch":{}}, in its own words.
                tools.own.Add(tool);
            }
            else
            {
                throw RequestTranslation.CannotSay("Gemini has no tools of this kind.", "tools");
            }
        }

        return tools;
    }

    internal void WriteTo(Utf8JsonWriter json)
    {
        if (functions.Count + own.Count > 0)
        {
            json.WriteStartArray("tools"u8);
            if (functions.Count > 0)
                WriteFunctions(json);
            foreach (var tool in own)
                json.WriteRaw(tool);
            json.WriteEndArray();
        }

        if (functions.Count > 0 && choice.Use != ToolUse.Auto)
            WriteChoice(json);
    }

    void WriteFunctions(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("functionDeclarations"u8);
        foreach (var function in functions)
        {
            json.WriteStartObject();
            json.WriteRaw("name"u8, function.Member("name"u8));
            if (function.Member("description"u8) is { ValueKind: JsonValueKind.String } description)
                json.WriteRaw("description"u8, description);
            // A function without parameters has no schema: an empty one is refused.
            var parameters = function.Member("parameters"u8);
            if (parameters.IsObject() && !IsEmpty(parameters))
                json.WriteRaw("parametersJsonSchema"u8, parameters);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    void WriteChoice(Utf8JsonWriter json)
    {
        json.WriteStartObject("toolConfig"u8);
        json.WriteStartObject("functionCallingConfig"u8);
        json.WriteString("mode"u8, choice.Use == ToolUse.None ? "NONE"u8 : "ANY"u8);
        if (choice.Use == ToolUse.Named)
        {
            json.WriteStartArray("allowedFunctionNames"u8);
            json.WriteStringValue(choice.Name);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    static bool IsEmpty(JsonElement schema)
    {
        foreach (var member in schema.EnumerateObject())
        {
            if (!member.NameEquals("type"u8) && !member.NameEquals("additionalProperties"u8) && !member.NameEquals("required"u8)
                && !(member.NameEquals("properties"u8) && member.Value.IsObject() && !member.Value.EnumerateObject().Any()))
                return false;
        }

        return true;
    }
}
