using System.Text.Json.Nodes;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>Log probabilities spell out, token by token, a text that was replaced.</summary>
internal static class LogProbabilities
{
    internal static void Remove(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
                Remove(item);
        }
        else if (node is JsonObject holder)
        {
            if (holder["logprobs"] is { } tokens)
                holder["logprobs"] = tokens is JsonArray ? new JsonArray() : null;
            foreach (var (_, value) in holder)
                Remove(value);
        }
    }
}
