using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Providers;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Usage;

/// <summary>
/// One call in the books, from its first moment to its end. The exchange writes into it as the call goes on; the ledger reads it once a second,
/// from another thread, and writes down how far it is, so that a process that dies loses at most its last second. Every member is written by
/// one thread at a time and may be read torn from another only where that does no harm (counts).
/// </summary>
internal sealed class CallEntry
{
    internal required Guid Id { get; init; }

    internal required Consumer Consumer { get; init; }

    internal required Surface Surface { get; init; }

    /// <summary>The public name that was asked for.</summary>
    internal required string Route { get; init; }

    internal required DateTimeOffset StartedAt { get; init; }

    /// <summary>W3C trace id, which answers carry too.</summary>
    internal required string TraceId { get; init; }

    internal bool Streamed { get; init; }

    /// <summary>What is counted against the consumer until the upstream says better.</summary>
    internal long EstimatedInputTokens { get; init; }

    /// <summary>Who answers: the last attempt's provider, and its model as <c>provider/model</c>. Null before the first.</summary>
    internal Guid? ProviderId { get; set; }

    internal string? ModelId { get; set; }

    /// <summary>Slug of the provider; empty before the first.</summary>
    internal string Provider { get; set; } = "";

    /// <summary>The route, where the owner has made one; empty for a model that was asked by its own name.</summary>
    internal string OwnRoute { get; set; } = "";

    internal ReplyFacts Facts { get; set; } = new();

    /// <summary>Pictures made, for models billed by them.</summary>
    internal int Images { get; set; }

    /// <summary>Length of the audio that was heard or spoken, for models billed by it.</summary>
    internal double AudioSeconds { get; set; }

    /// <summary>Characters of text to be spoken, for models billed by them.</summary>
    internal long Characters { get; set; }

    /// <summary>Every attempt, in order: the trace of the call.</summary>
    internal List<CallAttempt> Attempts { get; } = [];

    /// <summary>Why it went where it went, in the planner's words.</summary>
    internal string? Decision { get; set; }

    /// <summary>The rule that refused the request or withheld the answer, as traces call it; null when none did.</summary>
    internal string? Guardrail { get; set; }

    /// <summary><c>hit miss semantic</c>, or null when no cache was asked.</summary>
    internal string? Cache { get; set; }

    /// <summary>From its beginning to the first byte of the answer that left.</summary>
    internal TimeSpan? FirstByte { get; set; }

    internal TimeSpan Total { get; set; }

    /// <summary>HTTP status the caller got.</summary>
    internal int Status { get; set; }

    /// <summary><c>completed cancelled failed</c>; null while it runs.</summary>
    internal string? Outcome { get; set; }

    internal Error? Error { get; set; }

    internal Blame? Blame { get; set; }

    /// <summary>The ledger has sent it to the table at least once, so that it may be there.</summary>
    internal bool Sent { get; set; }

    /// <param name="modelId"><c>provider/model</c>.</param>
    internal void Answers(ProviderRow provider, string modelId) => (ProviderId, Provider, ModelId) = (provider.ProviderId, provider.Slug, modelId);
}

/// <param name="ModelId"><c>provider/model</c>.</param>
/// <param name="StartMs">After the call's beginning.</param>
/// <param name="HeadersMs">Until the upstream's headers; null when there were none.</param>
/// <param name="Status">The upstream's; null when it did not answer.</param>
/// <param name="Error">A code, or null.</param>
/// <param name="Hedge">It was started beside another that took too long.</param>
internal sealed record CallAttempt(string ModelId, double StartMs, double? HeadersMs, int? Status, string? Error, bool Hedge = false);
