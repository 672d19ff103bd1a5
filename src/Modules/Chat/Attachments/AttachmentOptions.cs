using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Chat.Attachments;

/// <summary>What may be attached, and for how long what nobody uses is kept: <c>Chat:Attachments</c>.</summary>
internal sealed record AttachmentOptions
{
    /// <summary>Also the limit of the endpoint, which is fixed when the server starts.</summary>
    [Range(1_000, 2_000_000_000)]
    public long MaxBytes { get; init; } = 50_000_000;

    /// <summary>A small file may unpack to a picture of any size; more than this many pixels are refused before anything unpacks it.</summary>
    [Range(1_000_000, 500_000_000)]
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>UTF-16 code units of a file's text that are kept for the model and for search.</summary>
    [Range(1_000, 5_000_000)]
    public int MaxTextLength { get; init; } = 400_000;

    /// <summary>How long an upload waits to be sent.</summary>
    public TimeSpan KeepUnusedFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long pictures that were made for a person are kept; zero keeps them.</summary>
    public TimeSpan KeepGeneratedFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a file that no attachment refers to stays on the disk: longer than an upload takes to be written down.</summary>
    public TimeSpan KeepBlobsFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>libvips' program, for small copies of pictures.</summary>
    public string VipsPath { get; init; } = "vips";

    /// <summary>Poppler's program for the text of PDF files.</summary>
    public string PdfToTextPath { get; init; } = "pdftotext";

    /// <summary>ffmpeg, which unpacks recordings to be written down; WAV with 16-bit samples is read without it.</summary>
    public string FfmpegPath { get; init; } = "ffmpeg";

    /// <summary>The longest recording that is written down. It is unpacked to a file of 2 MB a minute that goes when it has been read.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "12:00:00")]
    public TimeSpan LongestRecording { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long writing one down may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TranscriptTimeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long a question waits for what is said in its recordings before the model is asked without.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan TranscriptPatience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one of these programs may take.</summary>
    public TimeSpan ProgramTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The same for the copies that nobody waits for.</summary>
    public TimeSpan CopyTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How much memory one of them may take (where the system can enforce it).</summary>
    [Range(64_000_000, 8_000_000_000)]
    public long ProgramMemoryBytes { get; init; } = 1_500_000_000;
}
