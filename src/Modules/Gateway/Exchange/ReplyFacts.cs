namespace JeanTrail.Gateway.Exchange;

/// <summary>What is learned of a reply while it passes. Token counts are the upstream's own; null where it gave none.</summary>
internal sealed class ReplyFacts
{
    /// <summary>All input tokens, cached ones included.</summary>
    internal long? InputTokens { get; set; }

    /// <summary>Of the input, those the upstream read from its prompt cache.</summary>
    internal long? CachedInputTokens { get; set; }

    /// <summary>Of the input, those the upstream wrote to its prompt cache, which some bill higher.</summary>
    internal long? CacheWriteTokens { get; set; }

    /// <summary>All output tokens, reasoning included.</summary>
    internal long? OutputTokens { get; set; }

    internal long? ReasoningTokens { get; set; }

    /// <summary>In OpenAI's words: <c>stop length tool_calls content_filter</c>.</summary>
    internal string? FinishReason { get; set; }

    /// <summary>Bytes of text, reasoning and tool arguments that passed: what is counted by when the upstream counts nothing.</summary>
    internal long OutputBytes { get; set; }

    /// <summary>Streamed events that carried something.</summary>
    internal int Pieces { get; set; }

    /// <summary>The upstream said that the reply is complete.</summary>
    internal bool Finished { get; set; }
}
