using System.Text.Json;
using static JeanTrail.Testing.Simulators.GeminiChecks;

namespace JeanTrail.Testing.Simulators;

/// <summary>What generateContent refuses in the contents of a request.</summary>
internal static class GeminiContentChecks
{
    const string AnySignature = "skip_thought_signature_validator";

    static readonly string[] Data = ["text", "inlineData", "fileData", "functionCall", "functionResponse"];

    internal static void Check(JsonElement contents, string model)
    {
        var turns = contents.Items().ToList();
        if (turns.Count == 0)
            throw Refuse("* GenerateContentRequest.contents: contents is not specified");
        for (var i = 0; i < turns.Count; i++)
        {
            if (turns[i].Str("role") is not ("user" or "model"))
                throw Refuse("Please use a valid role: user, model.");
            Known(turns[i], ["role", "parts"], $"contents[{i}]");
            CheckParts(turns[i], $"contents[{i}]");
            CheckCalls(turns, i, model);
        }
    }

    internal static void CheckParts(JsonElement content, string where)
    {
        var parts = content.Get("parts").Items().ToList();
        if (parts.Count == 0)
            throw Refuse($"* GenerateContentRequest.{where}.parts: contents.parts must not be empty.");
        foreach (var part in parts)
        {
            Known(part, [.. Data, "thought", "thoughtSignature"], where + ".parts[0]");
            if (Data.Count(name => part.Has(name)) != 1)
                throw Refuse($"* GenerateContentRequest.{where}.parts[0].data: required oneof field 'data' must have one initialized field");
            if (part.Has("text") && part.Str("text") is not { Length: > 0 })
                throw Refuse("Unable to submit request because it must have a text parameter.");
            if (part.Has("thoughtSignature") && !Simulators.Check.IsAnyBase64(part.Str("thoughtSignature")))
                throw Refuse($"Invalid value at '{where}.parts[0].thought_signature' (TYPE_BYTES), Base64 decoding failed");
            CheckData(part, where);
        }
    }

    static void CheckData(JsonElement part, string where)
    {
        var (blob, file, call, response) = (part.Get("inlineData"), part.Get("fileData"), part.Get("functionCall"), part.Get("functionResponse"));
        Known(blob, ["mimeType", "data"], where + ".parts[0].inline_data");
        Known(file, ["mimeType", "fileUri"], where + ".parts[0].file_data");
        Known(call, ["id", "name", "args"], where + ".parts[0].function_call");
        Known(response, ["id", "name", "response"], where + ".parts[0].function_response");
        if (blob.IsObject() && (blob.Str("mimeType") is null || !Simulators.Check.IsBase64(blob.Str("data"))))
            throw Refuse($"Invalid value at '{where}.parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed");
        if (file.IsObject() && file.Str("fileUri") is null)
            throw Refuse($"* GenerateContentRequest.{where}.parts[0].file_data.file_uri: required");
        if (call.IsObject() && (call.Str("name") is null || !call.Get("args").IsObject()))
            throw Refuse($"Invalid value at '{where}.parts[0].function_call.args'");
        if (response.IsObject() && (response.Str("name") is null || !response.Get("response").IsObject()))
            throw Refuse($"Invalid value at '{where}.parts[0].function_response.response'");
    }

    static void CheckCalls(List<JsonElement> turns, int at, string model)
    {
        var calls = turns[at].Get("parts").Items().Where(part => part.Has("functionCall")).ToList();
        var results = turns[at].Get("parts").Items().Where(part => part.Has("functionResponse")).Select(part => part.Get("functionResponse")).ToList();
        var asked = at == 0 ? [] : turns[at - 1].Get("parts").Items().Where(part => part.Has("functionCall")).Select(part => part.Get("functionCall")).ToList();
        if (results.Count != asked.Count)
            throw Refuse("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.");
        foreach (var result in results)
        {
            if (!asked.Exists(call => call.Str("name") == result.Str("name") && call.Str("id") == result.Str("id")))
                throw Refuse("Please ensure that function response names match the function calls.");
        }

        if (calls.Count == 0)
            return;
        if (turns[at].Str("role") != "model" || at == 0 || turns[at - 1].Str("role") != "user")
            throw Refuse("Please ensure that function call turn comes immediately after a user turn or after a function response turn.");
        if (at == turns.Count - 1)
            throw Refuse("Please ensure that function call turn is followed by a function response turn.");
        var signature = calls[0].Str("thoughtSignature");
        if (model.StartsWith("gemini-3", StringComparison.Ordinal) && signature is null)
            throw Refuse("Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly.");
        if (signature is not null && signature != AnySignature && signature != GeminiShapes.Sign(calls[0].Get("functionCall").Str("name")!))
            throw Refuse("Corrupted thought signature.");
    }
}
