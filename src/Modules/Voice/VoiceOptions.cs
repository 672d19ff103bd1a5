using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Voice;

/// <summary>Configuration section <c>Voice</c>.</summary>
internal sealed record VoiceOptions
{
    /// <summary>Speech workers; null is half the processors, at least two. Each takes about 40 MB once it has been used.</summary>
    [Range(1, 64)]
    public int? Workers { get; init; }

    /// <summary>Sentences that may wait for a worker.</summary>
    [Range(1, 10_000)]
    public int QueueLimit { get; init; } = 64;

    /// <summary>How long a sentence may wait for a worker.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The worker program; null is <c>workers/voice/jeantrail-voice.dll</c> beside the server.</summary>
    public string? WorkerPath { get; init; }

    /// <summary>Path of libespeak-ng where the system does not find it by itself.</summary>
    public string? EspeakLibrary { get; init; }

    /// <summary>Program for Ogg/Opus.</summary>
    [Required]
    public string FfmpegPath { get; init; } = "ffmpeg";

    /// <summary>A voice model of this machine that gives nothing for so long is passed over: the built-in voice reads.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan LocalVoiceTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest dictation that is written down at once.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LongestDictation { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Dictations of one person that are written down at the same time.</summary>
    [Range(1, 100)]
    public int DictationsAtOnce { get; init; } = 2;

    /// <summary>Pages of one person that wait for Jean's name at the same time.</summary>
    [Range(1, 100)]
    public int WakesAtOnce { get; init; } = 4;

    /// <summary>After so much audio a page that waits for Jean's name connects again, and shows anew whose it is.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestWake { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A dictation, or a page that waits, of which no audio comes for so long is over.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan DictationStall { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Starts one worker with the server, so that the first sentence does not wait for it.</summary>
    public bool WarmStart { get; init; } = true;
}
