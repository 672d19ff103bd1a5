using System.Text.Json;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Replies;

/// <summary>What may be kept, and of whom the cache is asked.</summary>
internal static class ReplyRules
{
    /// <summary>A route that says nothing keeps what is deterministic for an hour.</summary>
    static readonly RouteCache Default = new();

    /// <summary>The rule under which the cache is asked for this call; null when it is not.</summary>
    /// <remarks>
    /// <c>deterministic</c> covers chat and responses with temperature 0 said explicitly, and everything whose answer depends on its input
    /// alone: embeddings, reranking, moderation. Several answers to one request (<c>n</c>) are made to differ and are never kept. Pictures,
    /// speech and transcripts are not JSON of a size worth keeping.
    /// </remarks>
    internal static RouteCache? RuleOf(RouteDefinition route, GatewayCall call)
    {
        var rule = route.Cache ?? Default;
        if (rule.Mode == "off" || call.Cache == CacheUse.None || call.Shape.Choices > 1)
            return null;
        return call.Surface switch
        {
            Surface.Embeddings or Surface.Rerank or Surface.Moderations => rule,
            Surface.ChatCompletions when IsWanted(rule, call) => rule,
            Surface.Responses when IsWanted(rule, call) && !TouchesState(call.Body.Span) => rule,
            _ => null,
        };
    }

    /// <summary>
    /// Whether a complete reply may answer others. One that was cut at a length the request itself set will be cut there again and is kept; one
    /// cut by the model's own limit, withheld by a filter, or empty, is not. Nor is what a stream cannot tell again: log probabilities, sound.
    /// </summary>
    internal static bool MayKeep(Surface surface, RequestShape shape, ReadOnlyMemory<byte> body)
    {
        if (surface is not (Surface.ChatCompletions or Surface.Responses))
            return body.Length > 0;
        try
        {
            using var document = JsonDocument.Parse(body);
            return surface == Surface.ChatCompletions ? MayKeepChat(document.RootElement, shape) : MayKeepResponse(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool MayKeepChat(JsonElement reply, RequestShape shape)
    {
        if (reply.ValueKind != JsonValueKind.Object || !reply.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() != 1)
            return false;
        var choice = choices[0];
        if (choice.ValueKind != JsonValueKind.Object || !choice.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.Object
            || Has(choice, "logprobs") || Has(message, "audio"))
            return false;
        var finish = choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString() : "stop";
        var ended = finish is "stop" or "tool_calls" or "function_call" || (finish == "length" && shape.MaxOutputTokens is not null);
        return ended && (Has(message, "content") || Has(message, "tool_calls") || Has(message, "function_call") || Has(message, "refusal"));
    }

    static bool MayKeepResponse(JsonElement reply)
        => reply.ValueKind == JsonValueKind.Object && reply.TryGetProperty("status", out var status) && status.ValueEquals("completed"u8)
            && reply.TryGetProperty("output", out var output) && output.ValueKind == JsonValueKind.Array && output.GetArrayLength() > 0;

    static bool Has(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.Null => false,
        JsonValueKind.String => value.GetString()!.Length > 0,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => true,
    };

    static bool IsWanted(RouteCache rule, GatewayCall call) => rule.Mode == "always" || call.Shape.Temperature == 0;

    /// <summary>A response that runs in the background, or joins a conversation kept elsewhere, is no answer to its request alone.</summary>
    static bool TouchesState(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 128 });
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isState = json.ValueTextEquals("background"u8) || json.ValueTextEquals("conversation"u8);
            json.Read();
            if (isState && json.TokenType is not (JsonTokenType.Null or JsonTokenType.False))
                return true;
            json.Skip();
        }

        return false;
    }
}
