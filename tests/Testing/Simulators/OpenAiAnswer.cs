using System.Text.Json.Nodes;

namespace JeanTrail.Testing.Simulators;

/// <summary>
/// Writes answers that hold more than text: calls of tools, reasoning, a filter. Source: OpenAI API reference, chat completion and chunk;
/// <c>reasoning_content</c> as DeepSeek and vLLM write it.
/// </summary>
internal sealed class OpenAiAnswer(OpenAiResponse response, OpenAiRequest request, ScriptedAnswer answer)
{
    string Finish => answer.Stop ?? (answer.Filtered ? "content_filter" : answer.Truncated ? "length" : answer.Calls.Count > 0 ? "tool_calls" : "stop");

    internal Task WriteAsync() => request.Stream ? StreamAsync() : WholeAsync();

    Task WholeAsync()
    {
        var whole = OpenAiShapes.Whole(request, answer.Pieces, Finish, usage: false);
        var message = whole["choices"]![0]!["message"]!.AsObject();
        if (answer.Thinking is { } thinking)
            message["reasoning_content"] = thinking;
        if (answer.Calls.Count > 0)
            message["tool_calls"] = new JsonArray([.. answer.Calls.Select((call, i) => (JsonNode)Call(call, i, call.Arguments))]);
        if (answer.Calls.Count > 0 && answer.Pieces.Count == 0)
            message["content"] = null;
        whole["usage"] = Usage();
        return response.WriteJsonAsync(200, whole);
    }

    async Task StreamAsync()
    {
        response.BeginStream();
        await DeltaAsync(new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null });
        if (answer.Thinking is { } thinking)
        {
            foreach (var piece in OpenAiShapes.Tokens(thinking))
                await DeltaAsync(new JsonObject { ["reasoning_content"] = piece });
        }

        foreach (var piece in answer.Pieces)
            await DeltaAsync(new JsonObject { ["content"] = piece });
        for (var i = 0; i < answer.Calls.Count; i++)
        {
            var begin = Call(answer.Calls[i], i, "");
            begin["index"] = i;
            await DeltaAsync(new JsonObject { ["tool_calls"] = new JsonArray(begin) });
            foreach (var fragment in OpenAiShapes.Tokens(answer.Calls[i].Arguments))
            {
                var more = new JsonObject { ["index"] = i, ["function"] = new JsonObject { ["arguments"] = fragment } };
                await DeltaAsync(new JsonObject { ["tool_calls"] = new JsonArray(more) });
            }
        }

        await response.WriteEventAsync(OpenAiShapes.Chunk(request, new JsonObject(), Finish, request.WantsUsage));
        if (request.WantsUsage)
        {
            var last = OpenAiShapes.UsageChunk(request, 0);
            last["usage"] = Usage();
            await response.WriteEventAsync(last);
        }

        await response.WriteEndAsync();
    }

    Task DeltaAsync(JsonObject delta) => response.WriteEventAsync(OpenAiShapes.Chunk(request, delta, null, request.WantsUsage));

    static JsonObject Call(ScriptedCall call, int index, string arguments) => new()
    {
        ["id"] = $"call_sim{index}",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = arguments },
    };

    JsonObject Usage()
    {
        var written = answer.TextTokens + answer.ThinkingTokens;
        var read = answer.InputTokens + answer.CachedTokens + answer.CacheWriteTokens;
        return new JsonObject
        {
            ["prompt_tokens"] = read,
            ["completion_tokens"] = written,
            ["total_tokens"] = read + written,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = answer.CachedTokens },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = answer.ThinkingTokens },
        };
    }
}
