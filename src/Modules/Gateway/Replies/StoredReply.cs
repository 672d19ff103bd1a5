namespace JeanTrail.Gateway.Replies;

/// <summary>A reply that may be given again.</summary>
/// <param name="Surface">By its name.</param>
/// <param name="ModelId">Who answered: <c>provider/model</c>.</param>
/// <param name="Body">JSON, as a caller who did not stream got it or would have.</param>
/// <param name="CostMicros">What it cost once.</param>
internal sealed record StoredReply(
    ReplyKey Key, Guid Tenant, string Route, string Surface, string ModelId, ReadOnlyMemory<byte> Body, long CostMicros, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>For replies that like questions may have.</summary>
    internal LikenessMark? Likeness { get; init; }

    internal long SizeBytes => Body.Length + (Likeness?.Vector.Length ?? 0) * sizeof(float) + 500;
}

/// <summary>Where a question stands among those that differ from it only in their last message.</summary>
/// <param name="Vector">Of length one.</param>
internal sealed record LikenessMark(ReplyKey Group, float[] Vector);
