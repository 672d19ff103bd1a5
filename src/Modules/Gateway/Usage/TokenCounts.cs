using JeanTrail.Gateway.Costs;

namespace JeanTrail.Gateway.Usage;

/// <summary>What a call has used so far: the upstream's own counts, and ours where it gave none.</summary>
/// <param name="Input">Null when nothing is known and nothing can be said.</param>
/// <param name="Estimated">At least one of the counts is ours.</param>
internal readonly record struct TokenCounts(long? Input, long? Output, long? CachedInput, long? CacheWrite, long? Reasoning, bool Estimated)
{
    /// <summary>English text and code have about four bytes to a token, and hardly a model sends less than a token at a time.</summary>
    const int BytesPerToken = 4;

    internal static TokenCounts Of(CallEntry entry)
    {
        var facts = entry.Facts;
        var input = facts.InputTokens ?? OurInput(entry);
        var output = facts.OutputTokens ?? OurOutput(facts.OutputBytes, facts.Pieces);
        var estimated = (input is not null && facts.InputTokens is null) || (output is not null && facts.OutputTokens is null);
        return new TokenCounts(input, output, facts.CachedInputTokens, facts.CacheWriteTokens, facts.ReasoningTokens, estimated);
    }

    internal static long FromBytes(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    internal BilledAmounts ToAmounts(CallEntry entry)
        => new(Input ?? 0, CachedInput ?? 0, CacheWrite ?? 0, Output ?? 0, Reasoning ?? 0, entry.Images, entry.AudioSeconds, entry.Characters);

    /// <summary>An upstream that refused the call, or was never reached, has read nothing; the built-in engine counts nothing.</summary>
    static long? OurInput(CallEntry entry)
    {
        var refused = entry.Outcome == CallOutcomes.Failed && entry.Facts is { Pieces: 0, OutputBytes: 0 };
        return entry.EstimatedInputTokens > 0 && entry.ModelId is not (null or GatewayErrors.BasicModel) && !refused ? entry.EstimatedInputTokens : null;
    }

    static long? OurOutput(long bytes, int pieces) => pieces > 0 || bytes > 0 ? Math.Max(FromBytes(bytes), pieces) : null;
}
