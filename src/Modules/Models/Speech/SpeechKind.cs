using JeanTrail.Contracts.Models;

namespace JeanTrail.Models.Speech;

/// <summary>The families of speech models that the engine runs, in the worker's words (<c>workers/speech/src/settings.ts</c>).</summary>
internal static class SpeechKind
{
    internal const string Whisper = "whisper";
    internal const string Transducer = "transducer";
    internal const string Paraformer = "paraformer";
    internal const string SenseVoice = "sense-voice";
    internal const string Ctc = "ctc";
    internal const string Vits = "vits";
    internal const string Kokoro = "kokoro";
    internal const string Matcha = "matcha";

    internal const string StreamingTransducer = "streaming-transducer";
    internal const string StreamingParaformer = "streaming-paraformer";
    internal const string StreamingCtc = "streaming-ctc";
    internal const string StreamingNemoCtc = "streaming-nemo-ctc";
    internal const string StreamingTOne = "streaming-t-one";

    internal const string SpeakerSegmentation = "speaker-segmentation";
    internal const string SpeakerEmbedding = "speaker-embedding";
    internal const string Diarisation = "diarisation";

    /// <summary>Another use of Whisper.</summary>
    internal const string Language = "language";

    internal const string KeywordSpotter = "keyword-spotter";

    internal const string Gtcrn = "gtcrn";
    internal const string DpdfNet = "dpdfnet";

    /// <summary>The parts that a model for speakers has, one or both.</summary>
    internal const string SegmentationPart = "segmentation";
    internal const string EmbeddingPart = "embedding";

    /// <summary>Whether it writes while one speaks.</summary>
    internal static bool Streams(string kind) => kind.StartsWith("streaming-", StringComparison.Ordinal);

    internal static SpeechPurpose PurposeOf(string kind) => kind switch
    {
        Vits or Kokoro or Matcha => SpeechPurpose.Voice,
        Gtcrn or DpdfNet => SpeechPurpose.Denoiser,
        KeywordSpotter => SpeechPurpose.Spotter,
        SpeakerSegmentation or SpeakerEmbedding or Diarisation => SpeechPurpose.Speakers,
        _ => SpeechPurpose.Recogniser,
    };

    /// <summary>What takes noise away, at the rate at which recognisers hear; null when it does not.</summary>
    internal static string? OfDenoiser(IReadOnlyDictionary<string, string> about)
        => about.GetValueOrDefault("sample_rate") != "16000" ? null : about.GetValueOrDefault("model_type") switch { "gtcrn" => Gtcrn, "dpdfnet" => DpdfNet, _ => null };

    /// <summary>Which part for speakers a file is, by what it says of itself; null when it is none.</summary>
    internal static string? SpeakerPartOf(IReadOnlyDictionary<string, string> about)
        => about.ContainsKey("powerset_max_classes") && about.ContainsKey("receptive_field_shift") ? SegmentationPart
            : about.ContainsKey("framework") && about.ContainsKey("output_dim") ? EmbeddingPart : null;

    /// <summary>What a model of one file is that writes while one speaks, by what only such files say of themselves; null when it is none.</summary>
    internal static string? OfStreaming(IReadOnlyDictionary<string, string> about)
        => SaysZipformerChunks(about) ? StreamingCtc : SaysNemoChunks(about) ? StreamingNemoCtc : about.ContainsKey("frame_length_ms") && about.ContainsKey("state_dim") ? StreamingTOne : null;

    /// <summary>
    /// Whether a streaming transducer was made to spot keywords: its files say no more than those of one that writes, but beside them lie the words that it was tried with, and
    /// its name says so.
    /// </summary>
    internal static bool SpotsKeywords(string folder, IEnumerable<string> files)
        => folder.Split('-').Contains("kws", StringComparer.Ordinal) || files.Any(name => name is "keywords.txt" or "keywords_raw.txt");

    /// <summary>What a model of an encoder, a decoder and perhaps a joiner is that writes while one speaks; null when it is none.</summary>
    internal static string? OfStreamingParts(IReadOnlyDictionary<string, string> about, bool joiner)
        => joiner ? SaysZipformerChunks(about) || SaysNemoChunks(about) ? StreamingTransducer : null
            : about.ContainsKey("decoder_num_blocks") && about.ContainsKey("encoder_output_size") ? StreamingParaformer : null;

    /// <summary>Of zipformers, conformers and LSTMs.</summary>
    static bool SaysZipformerChunks(IReadOnlyDictionary<string, string> about) => about.ContainsKey("decode_chunk_len");

    static bool SaysNemoChunks(IReadOnlyDictionary<string, string> about) => about.ContainsKey("window_size") && about.ContainsKey("chunk_shift");

    /// <summary>What a model of one file is, by what the file says of itself; null for what is not known here.</summary>
    internal static string? OfType(string? modelType) => modelType switch
    {
        "paraformer" => Paraformer,
        "sense_voice_ctc" or "sense_voice" => SenseVoice,
        "zipformer2_ctc" or "zipformer_ctc" => Ctc,
        "vits" => Vits,
        "matcha-tts" => Matcha,
        not null when modelType.StartsWith("kokoro", StringComparison.Ordinal) => Kokoro,
        _ => null,
    };
}
