using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Chat;

internal sealed record ChatOptions
{
    /// <summary>How long a deleted conversation can be restored.</summary>
    public TimeSpan KeepDeletedFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How often the text of running turns is written down: at most this much is lost when the process dies.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A running turn whose node has been silent for this long is closed as interrupted.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>UTF-16 code units one answer may hold.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxAnswerLength { get; init; } = 1_000_000;

    /// <summary>UTF-16 code units of earlier messages that are sent to a model.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxContextLength { get; init; } = 120_000;
}
