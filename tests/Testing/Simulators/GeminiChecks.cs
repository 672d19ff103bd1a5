using System.Text.Json;
using System.Text.RegularExpressions;

namespace JeanTrail.Testing.Simulators;

/// <summary>What generateContent and batchEmbedContents refuse in a request, but for its contents.</summary>
internal static partial class GeminiChecks
{
    static readonly string[] Members = ["contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "cachedContent", "model"];

    static readonly string[] ConfigMembers =
    [
        "temperature", "topP", "topK", "maxOutputTokens", "candidateCount", "seed", "presencePenalty", "frequencyPenalty", "stopSequences", "responseModalities",
        "responseMimeType", "responseSchema", "responseJsonSchema", "thinkingConfig",
    ];

    internal static void Check(JsonElement body, string model)
    {
        Known(body, Members, "request");
        Known(body.Get("generationConfig"), ConfigMembers, "generation_config");
        CheckConfig(body, body.Get("generationConfig"), model);
        CheckThinking(body.Get("generationConfig").Get("thinkingConfig"), model);
        var functions = CheckTools(body);
        CheckChoice(body.Get("toolConfig").Get("functionCallingConfig"), functions);
        if (body.Has("systemInstruction"))
            GeminiContentChecks.CheckParts(body.Get("systemInstruction"), "system_instruction");
        GeminiContentChecks.Check(body.Get("contents"), model);
    }

    internal static void CheckEmbeddings(JsonElement body, string model)
    {
        Known(body, ["requests"], "request");
        if (!body.Get("requests").Items().Any())
            throw Refuse("* BatchEmbedContentsRequest.requests: at least one request is required");
        foreach (var request in body.Get("requests").Items())
        {
            Known(request, ["model", "content", "taskType", "title", "outputDimensionality"], "requests[0]");
            if (request.Str("model") != "models/" + model)
                throw Refuse("* BatchEmbedContentsRequest.requests[0].model: must match the model of the batch");
            if (request.Get("content").Get("parts").Items().All(part => string.IsNullOrEmpty(part.Str("text"))))
                throw Refuse("* BatchEmbedContentsRequest.requests[0].content: contents is not specified");
        }
    }

    internal static VendorRefusal Refuse(string message) => new(400, "INVALID_ARGUMENT", message);

    internal static void Known(JsonElement element, string[] names, string where)
    {
        if (element.Names().FirstOrDefault(name => !names.Contains(name, StringComparer.Ordinal)) is { } unknown)
            throw Refuse($"Invalid JSON payload received. Unknown name \"{unknown}\" at '{where}': Cannot find field.");
    }

    static void CheckConfig(JsonElement body, JsonElement config, string model)
    {
        if (config.Num("temperature") is < 0 or > 2)
            throw Refuse("* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0].");
        if (config.Num("candidateCount") is < 1 or > 8)
            throw Refuse("* GenerateContentRequest.generation_config.candidate_count: candidate_count must be in the range [1, 8].");
        if (config.Num("maxOutputTokens") is <= 0)
            throw Refuse("* GenerateContentRequest.generation_config.max_output_tokens: max_output_tokens must be positive.");
        if (config.Get("stopSequences").Items().Count() > 5)
            throw Refuse("* GenerateContentRequest.generation_config.stop_sequences: at most 5 are allowed.");
        if (model.StartsWith("gemini-2.5", StringComparison.Ordinal) && (config.Has("presencePenalty") || config.Has("frequencyPenalty")))
            throw Refuse($"Penalty is not enabled for models/{model}");
        if (config.Has("responseJsonSchema") && config.Str("responseMimeType") != "application/json")
            throw Refuse("* GenerateContentRequest.generation_config.response_json_schema: only allowed with the mime type application/json.");
        if (!model.StartsWith("gemini-3", StringComparison.Ordinal) && config.Str("responseMimeType") == "application/json" && body.Get("tools").Items().Any())
            throw Refuse("Function calling with a response mime type: 'application/json' is unsupported");
    }

    static void CheckThinking(JsonElement thinking, string model)
    {
        if (!thinking.IsObject())
            return;
        Known(thinking, ["includeThoughts", "thinkingBudget", "thinkingLevel"], "generation_config.thinking_config");
        if (model.StartsWith("gemini-2.0", StringComparison.Ordinal))
            throw Refuse("Unable to submit request because thinking is not supported by this model.");
        if (thinking.Has("thinkingBudget") && thinking.Has("thinkingLevel"))
            throw Refuse("You can only set only one of thinking budget and thinking level.");
        if (thinking.Has("thinkingLevel") && !model.StartsWith("gemini-3", StringComparison.Ordinal))
            throw Refuse("Thinking level is not supported for this model.");
        if (thinking.Has("thinkingLevel") && thinking.Str("thinkingLevel") is not ("minimal" or "low" or "medium" or "high"))
            throw Refuse("Invalid value at 'generation_config.thinking_config.thinking_level'");
        if (model == "gemini-3-pro-preview" && thinking.Str("thinkingLevel") is "minimal" or "medium")
            throw Refuse("Thinking level is not supported for this model.");
        if (model == "gemini-2.5-pro" && thinking.Num("thinkingBudget") is >= 0 and < 128)
            throw Refuse("The thinking budget 0 is invalid. Please choose a value between 128 and 32768.");
        if (thinking.Num("thinkingBudget") is > 32_768)
            throw Refuse("The thinking budget is invalid. Please choose a value between 512 and 24576.");
    }

    static HashSet<string> CheckTools(JsonElement body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in body.Get("tools").Items())
        {
            Known(tool, ["functionDeclarations", "googleSearch", "codeExecution", "urlContext"], "tools[0]");
            foreach (var function in tool.Get("functionDeclarations").Items())
            {
                Known(function, ["name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema"], "tools[0].function_declarations[0]");
                if (function.Str("name") is not { } name || !FunctionName().IsMatch(name))
                    throw Refuse("* GenerateContentRequest.tools[0].function_declarations[0].name: Invalid function name.");
                if (!names.Add(name))
                    throw Refuse("* GenerateContentRequest.tools[0].function_declarations: Duplicate function declaration found.");
                if (function.Has("parametersJsonSchema") && !function.Get("parametersJsonSchema").Get("properties").Names().Any())
                    throw Refuse("* GenerateContentRequest.tools[0].function_declarations[0].parameters.properties: should be non-empty for OBJECT type");
            }
        }

        return names;
    }

    static void CheckChoice(JsonElement choice, HashSet<string> functions)
    {
        if (!choice.IsObject())
            return;
        if (functions.Count == 0)
            throw Refuse("Function calling config is set without function_declarations.");
        if (choice.Str("mode") is not ("AUTO" or "ANY" or "NONE"))
            throw Refuse("Invalid value at 'tool_config.function_calling_config.mode'");
        var allowed = choice.Get("allowedFunctionNames").Items().Select(name => name.GetString()!).ToList();
        if (allowed.Count > 0 && choice.Str("mode") != "ANY")
            throw Refuse("Allowed function names should only be set when the function calling mode is ANY.");
        if (allowed.Exists(name => !functions.Contains(name)))
            throw Refuse("* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: not found in the declarations.");
    }

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FunctionName();
}
