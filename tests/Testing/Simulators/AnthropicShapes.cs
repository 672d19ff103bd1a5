using System.Text.Json;
using System.Text.Json.Nodes;

namespace JeanTrail.Testing.Simulators;

/// <summary>The JSON of Anthropic's protocol.</summary>
internal static class AnthropicShapes
{
    internal static JsonObject Error(int status, string? type, string? message, double? retryAfterSeconds) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = type ?? TypeOf(status), ["message"] = message ?? "The simulator was told to refuse this." },
        ["request_id"] = "req_011CSimulator",
    };

    internal static (string?, JsonObject) ErrorEvent(string? type) => ("error", new JsonObject
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["details"] = null, ["type"] = type ?? "overloaded_error", ["message"] = "Overloaded" },
    });

    internal static JsonObject Models(IEnumerable<string> ids) => new()
    {
        ["data"] = new JsonArray([.. ids.Select(id => new JsonObject { ["type"] = "model", ["id"] = id, ["display_name"] = id, ["created_at"] = "2026-01-01T00:00:00Z" })]),
        ["has_more"] = false,
    };

    internal static string LastUserText(JsonElement body)
    {
        var content = body.Get("messages").Items().LastOrDefault(message => message.Str("role") == "user").Get("content");
        return content.ValueKind == JsonValueKind.String ? content.GetString()! : string.Concat(content.Items().Select(block => block.Str("text")));
    }

    internal static JsonObject Whole(SimulatorRequest request, ScriptedAnswer answer, AnthropicThinkingProofs proofs)
    {
        var message = Message(request);
        message["content"] = new JsonArray([.. Content(answer, proofs)]);
        message["stop_reason"] = StopReason(answer);
        message["stop_sequence"] = answer.StoppedBy;
        message["usage"] = Usage(answer, answer.TextTokens + answer.ThinkingTokens);
        return message;
    }

    internal static JsonObject Start(SimulatorRequest request, ScriptedAnswer answer)
    {
        var message = Message(request);
        message["usage"] = Usage(answer, 1);
        return new JsonObject { ["type"] = "message_start", ["message"] = message };
    }

    internal static JsonObject Delta(ScriptedAnswer answer) => new()
    {
        ["type"] = "message_delta",
        ["delta"] = new JsonObject { ["stop_reason"] = StopReason(answer), ["stop_sequence"] = answer.StoppedBy },
        ["usage"] = new JsonObject
        {
            ["output_tokens"] = answer.TextTokens + answer.ThinkingTokens,
            ["output_tokens_details"] = answer.ThinkingTokens == 0 ? null : new JsonObject { ["thinking_tokens"] = answer.ThinkingTokens },
        },
    };

    /// <summary>The blocks of a stream: how each begins, and its deltas.</summary>
    internal static IEnumerable<(JsonObject Block, IEnumerable<JsonObject> Deltas)> Blocks(ScriptedAnswer answer, AnthropicThinkingProofs proofs)
    {
        if (answer.Thinking is { } thinking)
        {
            var deltas = OpenAiShapes.Tokens(thinking).Select(piece => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = piece })
                .Append(new JsonObject { ["type"] = "signature_delta", ["signature"] = proofs.Sign(thinking) });
            yield return (new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" }, deltas);
        }

        if (answer.Pieces.Count > 0)
            yield return (new JsonObject { ["type"] = "text", ["text"] = "" }, answer.Pieces.Select(piece => new JsonObject { ["type"] = "text_delta", ["text"] = piece }));
        for (var i = 0; i < answer.Calls.Count; i++)
        {
            var begin = Call(answer.Calls[i], i);
            begin["input"] = new JsonObject();
            // The first fragment is empty, and an empty input is never sent.
            var fragments = answer.Calls[i].Arguments == "{}" ? [""] : OpenAiShapes.Tokens(answer.Calls[i].Arguments).Prepend("");
            yield return (begin, fragments.Select(fragment => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = fragment }));
        }
    }

    static IEnumerable<JsonObject> Content(ScriptedAnswer answer, AnthropicThinkingProofs proofs)
    {
        if (answer.Thinking is { } thinking)
            yield return new JsonObject { ["type"] = "thinking", ["thinking"] = thinking, ["signature"] = proofs.Sign(thinking) };
        if (answer.Pieces.Count > 0)
            yield return new JsonObject { ["type"] = "text", ["text"] = answer.Text };
        for (var i = 0; i < answer.Calls.Count; i++)
            yield return Call(answer.Calls[i], i);
    }

    static JsonObject Call(ScriptedCall call, int index)
        => new() { ["type"] = "tool_use", ["id"] = $"toolu_01Sim{index}", ["name"] = call.Name, ["input"] = call.Input };

    static JsonObject Message(SimulatorRequest request) => new()
    {
        ["id"] = $"msg_01Sim{request.Number:D6}",
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = request.Body.Str("model"),
        ["content"] = new JsonArray(),
        ["stop_reason"] = null,
        ["stop_sequence"] = null,
        ["usage"] = null,
    };

    static JsonObject Usage(ScriptedAnswer answer, int output) => new()
    {
        ["input_tokens"] = answer.InputTokens,
        ["cache_creation_input_tokens"] = answer.CacheWriteTokens,
        ["cache_read_input_tokens"] = answer.CachedTokens,
        ["output_tokens"] = output,
        ["output_tokens_details"] = answer.ThinkingTokens == 0 ? null : new JsonObject { ["thinking_tokens"] = answer.ThinkingTokens },
        ["service_tier"] = "standard",
    };

    static string StopReason(ScriptedAnswer answer)
        => answer.Stop ?? (answer.Filtered ? "refusal" : answer.StoppedBy is not null ? "stop_sequence" : answer.Truncated ? "max_tokens" : answer.Calls.Count > 0 ? "tool_use" : "end_turn");

    static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        529 => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
