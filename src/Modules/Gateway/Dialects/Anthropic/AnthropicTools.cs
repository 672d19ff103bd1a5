using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>
/// The tools of a request, which of them must be used, and how the answer becomes JSON where it must be JSON: by the model's own means where
/// it has them and the schema suits them, else by a tool of ours whose input is the answer, which works with every model.
/// Source: Anthropic, Tool use; Structured outputs.
/// </summary>
internal sealed class AnthropicTools
{
    /// <summary>The tool whose input is the answer.</summary>
    internal const string AnswerTool = "jean_answer";

    static ReadOnlySpan<byte> AnySchema => """{"type":"object","properties":{}}"""u8;

    readonly List<JsonElement> given = [];
    IReadOnlyCollection<string> undeclared = [];
    ToolChoice choice = new(ToolUse.Auto);
    bool answerByTool;
    bool answerFreely;
    bool oneAtATime;
    JsonElement answerSchema;

    /// <summary>For <c>output_config</c>; undefined where the answer is not to be JSON, or becomes it by the tool.</summary>
    internal JsonElement NativeSchema { get; private set; }

    /// <summary>Some tool must be used, which leaves no room for thinking.</summary>
    internal bool Forces => choice.Forces || (answerByTool && !answerFreely);

    /// <summary>To be added to the system prompt, or null.</summary>
    internal string? Instruction => answerByTool
        ? $"Your final answer must be one JSON object. Give it by calling the tool {AnswerTool}: its input is the whole answer, and nothing is said beside it."
        : null;

    /// <param name="used">Names of the tools that the conversation has used, which must be declared even where they are no longer offered.</param>
    internal static AnthropicTools Plan(JsonElement root, ClaudeModel model, IReadOnlyCollection<string> used)
    {
        var tools = new AnthropicTools();
        var asked = ToolChoice.Of(root);
        foreach (var tool in root.Items("tools"u8))
        {
            if (Name(tool) is not { Length: > 0 } name)
                throw RequestTranslation.CannotSay("Anthropic has no tools of this kind.", "tools");
            if (asked.Allows(name))
                tools.given.Add(tool);
        }

        if (tools.given.Count == 0)
            tools.undeclared = used;
        else
            tools.choice = asked;
        tools.oneAtATime = root.Member("parallel_tool_calls"u8).ValueKind == JsonValueKind.False;
        tools.PlanAnswer(ResponseFormat.Of(root), model, root.Member("thinking"u8).Text("type"u8) is "enabled" or "adaptive");
        return tools;
    }

    /// <summary>Whether the reply to a request brings its answer as the input of our tool.</summary>
    internal static bool AnswersByTool(DialectRequest request)
    {
        if (!request.Shape.WantsJson || !Json.TryParse(request.Body.Span, out var document))
            return false;
        using (document)
            return Plan(document.RootElement, ClaudeModel.Of(request.UpstreamModel), []).answerByTool;
    }

    internal void WriteTo(Utf8JsonWriter json)
    {
        if (given.Count == 0 && undeclared.Count == 0 && !answerByTool)
            return;
        json.WriteStartArray("tools"u8);
        foreach (var tool in given)
            WriteTool(json, tool);
        foreach (var name in undeclared)
            WriteNamed(json, name, default);
        if (answerByTool)
            WriteNamed(json, AnswerTool, answerSchema);
        json.WriteEndArray();
        WriteChoice(json);
    }

    static string? Name(JsonElement tool)
        => tool.Member("function"u8) is { ValueKind: JsonValueKind.Object } function ? function.Text("name"u8) : tool.Text("name"u8);

    void PlanAnswer(ResponseFormat format, ClaudeModel model, bool thinkingWanted)
    {
        if (!format.IsJson || choice.Use == ToolUse.Named)
            return;
        if (format.HasSchema && model.FollowsSchemas && AnthropicSchema.Suits(format.Schema))
        {
            NativeSchema = format.Schema;
            return;
        }

        answerByTool = true;
        answerFreely = thinkingWanted;
        answerSchema = format.Schema;
    }

    void WriteChoice(Utf8JsonWriter json)
    {
        var type = choice.Use switch
        {
            ToolUse.Named => "tool",
            ToolUse.Required => "any",
            _ when answerFreely => "auto",
            // Of several tools the answer is one.
            ToolUse.Auto when answerByTool && given.Count > 0 => "any",
            _ when answerByTool => "answer",
            ToolUse.Auto when given.Count > 0 => "auto",
            _ => "none",
        };
        if (type == "auto" && !oneAtATime)
            return;
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, type == "answer" ? "tool" : type);
        if (type is "tool" or "answer")
            json.WriteString("name"u8, type == "tool" ? choice.Name : AnswerTool);
        if (oneAtATime && type != "none")
            json.WriteBoolean("disable_parallel_tool_use"u8, true);
        json.WriteEndObject();
    }

    static void WriteTool(Utf8JsonWriter json, JsonElement tool)
    {
        var function = tool.Member("function"u8);
        if (!function.IsObject())
        {
            // One of Anthropic's own, in its own words.
            json.WriteRaw(tool);
            return;
        }

        json.WriteStartObject();
        json.WriteRaw("name"u8, function.Member("name"u8));
        if (function.Member("description"u8) is { ValueKind: JsonValueKind.String } description)
            json.WriteRaw("description"u8, description);
        WriteSchema(json, function.Member("parameters"u8));
        var cache = tool.Member("cache_control"u8);
        json.WriteIfThere("cache_control"u8, cache.IsObject() ? cache : function.Member("cache_control"u8));
        json.WriteEndObject();
    }

    static void WriteNamed(Utf8JsonWriter json, string name, JsonElement schema)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        WriteSchema(json, schema);
        json.WriteEndObject();
    }

    /// <summary>The input of a tool is an object, and must be said to be one.</summary>
    static void WriteSchema(Utf8JsonWriter json, JsonElement schema)
    {
        json.WritePropertyName("input_schema"u8);
        if (!schema.IsObject())
        {
            json.WriteRawValue(AnySchema, skipInputValidation: true);
        }
        else if (schema.Text("type"u8) == "object")
        {
            json.WriteRaw(schema);
        }
        else
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "object"u8);
            foreach (var member in schema.EnumerateObject())
            {
                if (member.NameEquals("type"u8))
                    continue;
                json.WritePropertyName(member.Name);
                json.WriteRaw(member.Value);
            }

            json.WriteEndObject();
        }
    }
}
