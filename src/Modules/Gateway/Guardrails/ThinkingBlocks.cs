using System.Text.Json.Nodes;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>
/// Reasoning that bears its upstream's signature, to be given back with the next request. A changed text would break the signature, so a block
/// goes on as it came or not at all; without it the upstream does not think on, but answers.
/// </summary>
internal static class ThinkingBlocks
{
    /// <summary>True when a block of the message is gone.</summary>
    internal static bool Guard(JsonObject message, GuardRun run)
    {
        if (message["thinking_blocks"] is not JsonArray blocks)
            return false;
        // The reasoning beside them has the same words: they were counted there.
        var again = run.WithoutLimits();
        return blocks.RemoveAll(block => block?["thinking"]?.GetValue<string>() is { } text && again.Apply(text) != text) > 0;
    }
}
