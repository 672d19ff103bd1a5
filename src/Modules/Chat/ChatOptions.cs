using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Chat;

internal sealed record ChatOptions
{
    /// <summary>How long a deleted conversation can be restored.</summary>
    public TimeSpan KeepDeletedFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often the text of running turns is written down: at most this much is lost when the process dies.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The least time between two pieces of a streamed answer. Shorter is not smoother to the eye, and costs a write and a wake-up each.</summary>
    public TimeSpan DeltaEvery { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>A running turn whose node has been silent for this long is closed as interrupted.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After so long a search asks nothing more and says how far it looked; its next page goes on from there.</summary>
    public TimeSpan SearchTime { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>A search does not wait longer for what it looks for to be measured: words have their answer by then.</summary>
    public TimeSpan MeaningTime { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>
    /// The model, or route, that measures what messages mean, for search by meaning: what was said goes to its provider. None by default, which
    /// leaves it to the embedder on this machine, if there is one.
    /// </summary>
    [StringLength(300)]
    public string? EmbeddingModel { get; init; }

    /// <summary>Whether the model that gave a conversation's first answer is asked once more, for its title and tags.</summary>
    public bool LabelByModel { get; init; } = true;

    /// <summary>Whether the model that gave an answer is asked what of the person's own words is worth remembering.</summary>
    public bool ProposeMemory { get; init; } = true;

    /// <summary>UTF-16 code units one answer may hold.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxAnswerLength { get; init; } = 1_000_000;

    /// <summary>Bytes an uploaded export may have.</summary>
    [Range(1_000_000, long.MaxValue)]
    public long MaxImportBytes { get; init; } = 1L << 30;

    /// <summary>Bytes one conversation of an export may have; it is in memory while it is taken in. A larger one is left out.</summary>
    [Range(10_000, 1 << 30)]
    public int MaxImportedConversationBytes { get; init; } = 64 << 20;

    /// <summary>How many links that open nothing one network may try in a minute before every link is refused there.</summary>
    [Range(1, 1_000_000)]
    public int ShareGuessesPerMinute { get; init; } = 30;

    /// <summary>The Chromium that prints; null looks for one on the path.</summary>
    public string? ChromiumPath { get; init; }
}
