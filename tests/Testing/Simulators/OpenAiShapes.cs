using System.Text.Json;
using System.Text.Json.Nodes;

namespace JeanTrail.Testing.Simulators;

/// <summary>The JSON of the protocol.</summary>
internal static class OpenAiShapes
{
    const long Created = 1_763_000_000;
    const int LongestToken = 8;

    internal static JsonObject Error(string message, string type, string? param = null, string? code = null)
        => new() { ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = param, ["code"] = code } };

    internal static JsonObject Models(IEnumerable<string> models) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. models.Select(model => (JsonNode)new JsonObject { ["id"] = model, ["object"] = "model", ["created"] = Created, ["owned_by"] = "simulator" })]),
    };

    internal static JsonObject Whole(OpenAiRequest request, IReadOnlyList<string> tokens, string finish, bool usage)
    {
        var whole = Envelope(request, "chat.completion");
        whole["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = string.Concat(tokens), ["refusal"] = null },
            ["logprobs"] = null,
            ["finish_reason"] = finish,
        });
        if (usage)
            whole["usage"] = Usage(request, tokens.Count);
        return whole;
    }

    internal static string[] EmbeddedTexts(OpenAiRequest request)
    {
        var input = request.Body.GetProperty("input");
        return input.ValueKind == JsonValueKind.Array ? [.. input.EnumerateArray().Select(text => text.GetString()!)] : [input.GetString()!];
    }

    internal static JsonObject Embeddings(OpenAiRequest request, Func<string, float[]> vector)
    {
        var texts = EmbeddedTexts(request);
        var tokens = texts.Sum(text => Tokens(text).Count);
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. texts.Select((text, index) => (JsonNode)new JsonObject
            {
                ["object"] = "embedding", ["index"] = index, ["embedding"] = new JsonArray([.. vector(text).Select(value => (JsonNode)value)]),
            })]),
            ["model"] = request.Model,
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        };
    }

    /// <summary>A chunk of a stream. With usage asked for, all chunks but the last carry it as null.</summary>
    internal static JsonObject Chunk(OpenAiRequest request, JsonObject delta, string? finish, bool nullUsage)
    {
        var chunk = Envelope(request, "chat.completion.chunk");
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish });
        if (nullUsage)
            chunk["usage"] = null;
        return chunk;
    }

    internal static JsonObject UsageChunk(OpenAiRequest request, int tokens)
    {
        var chunk = Envelope(request, "chat.completion.chunk");
        chunk["choices"] = new JsonArray();
        chunk["usage"] = Usage(request, tokens);
        return chunk;
    }

    /// <summary>Cuts a text into pieces of the size models speak in: a word with the blanks before it, longer words in parts.</summary>
    internal static IReadOnlyList<string> Tokens(string text)
    {
        var tokens = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && char.IsWhiteSpace(text[end]))
                end++;
            for (var letters = 0; end < text.Length && !char.IsWhiteSpace(text[end]) && letters < LongestToken; letters++)
                end += char.IsHighSurrogate(text[end]) && end + 1 < text.Length ? 2 : 1;
            tokens.Add(text[start..end]);
            start = end;
        }

        return tokens;
    }

    /// <summary>The inside of a JSON string; characters beyond ASCII stay as they are, as most servers send them.</summary>
    internal static byte[] Escape(string token) => JsonEncodedText.Encode(token, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();

    static JsonObject Usage(OpenAiRequest request, int tokens)
    {
        var prompt = request.Messages.Sum(message => 4 + Tokens(message.Text).Count);
        return new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = tokens, ["total_tokens"] = prompt + tokens };
    }

    static JsonObject Envelope(OpenAiRequest request, string type) => new()
    {
        ["id"] = $"chatcmpl-sim{request.Number:D8}",
        ["object"] = type,
        ["created"] = Created,
        ["model"] = request.Model,
        ["service_tier"] = "default",
        ["system_fingerprint"] = "fp_simulator",
    };
}
