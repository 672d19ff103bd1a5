using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Chat.Context;

/// <summary>How much of a conversation a model is told, and what becomes of the rest: <c>Chat:Context</c>.</summary>
internal sealed record ContextOptions
{
    /// <summary>Tokens of instructions, history and files in one request. A model that refuses so much is asked with less from then on.</summary>
    [Range(1_000, 2_000_000)]
    public int MaxTokens { get; init; } = 30_000;

    /// <summary><c>summary</c>: what no longer fits is summarised by the model itself, in the background. <c>recent</c>: it is left out.</summary>
    [RegularExpression("^(summary|recent)$")]
    public string Pruning { get; init; } = "summary";

    /// <summary>Pictures in one request, the newest first.</summary>
    [Range(0, 100)]
    public int MaxImages { get; init; } = 10;

    /// <summary>A larger picture goes to the model as its WebP copy, or not at all.</summary>
    [Range(10_000, 20_000_000)]
    public int MaxImageBytes { get; init; } = 5_000_000;

    /// <summary>Most servers read JPEG and PNG; not all read WebP, so the copy is for what would be too large, and for what few read.</summary>
    internal bool SendsCopyOf(string mediaType, long sizeBytes) => sizeBytes > MaxImageBytes || mediaType == "image/avif";

    /// <summary>The part of the budget that pinned messages may take.</summary>
    [Range(0.0, 0.9)]
    public double PinnedShare { get; init; } = 0.25;

    /// <summary>The part of the budget that may be taken by what was said earlier and bears on the question.</summary>
    [Range(0.0, 0.9)]
    public double RelevantShare { get; init; } = 0.15;

    /// <summary>An answer waits no longer for what was said earlier and bears on the question.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan EarlierTime { get; init; } = TimeSpan.FromMilliseconds(250);
}
