using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>
/// What is said in place of an answer that a guardrail withholds: a refusal with the rule's message, ended by a content filter. Source: OpenAI API
/// reference, <c>finish_reason</c> of chat completions and <c>incomplete_details</c> of responses.
/// </summary>
internal static class Withheld
{
    internal const string FinishReason = "content_filter";

    internal static readonly JsonSerializerOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Chat(JsonObject reply, string message)
    {
        foreach (var choice in (reply["choices"] as JsonArray ?? []).OfType<JsonObject>())
        {
            choice["message"] = new JsonObject { ["role"] = "assistant", ["content"] = null, ["refusal"] = message };
            (choice["logprobs"], choice["finish_reason"]) = (null, FinishReason);
        }

        return JsonSerializer.SerializeToUtf8Bytes(reply, JsonOptions);
    }

    internal static byte[] Response(JsonObject response, string message) => JsonSerializer.SerializeToUtf8Bytes(Incomplete(response, message), JsonOptions);

    internal static JsonObject Incomplete(JsonObject response, string message)
    {
        response["status"] = "incomplete";
        response["incomplete_details"] = new JsonObject { ["reason"] = FinishReason };
        response["output"] = new JsonArray(new JsonObject
        {
            ["id"] = "msg_withheld",
            ["type"] = "message",
            ["status"] = "incomplete",
            ["role"] = "assistant",
            ["content"] = new JsonArray(new JsonObject { ["type"] = "refusal", ["refusal"] = message }),
        });
        return response;
    }
}
