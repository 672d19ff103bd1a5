using JeanTrail.Models.Pulls;

namespace JeanTrail.Models.Speech;

/// <summary>A speech model: a folder below that of all models, with the files of one of the engine's families in it.</summary>
/// <param name="Files">What the worker is told of, by their part: absolute paths.</param>
/// <param name="Damaged">It was found to be other than it came.</param>
/// <param name="Language">BCP 47 primary subtag of the only language a voice reads, where its file says so.</param>
internal sealed record SpeechFolder(
    string Name, string Path, string Kind, IReadOnlyDictionary<string, string> Files, long SizeBytes, DateTimeOffset InstalledAt, string? Language = null,
    bool Damaged = false)
{
    /// <summary>Whether it says that it was made for more than one language.</summary>
    internal bool Multilingual { get; init; }
}

/// <summary>
/// Finds speech models by what is in their folders. Files are data: names and what ONNX files say of themselves are read, nothing is executed. Folders
/// and files with names that would have to be quoted somewhere, and links to elsewhere, are not taken.
/// </summary>
internal static class SpeechFolders
{
    const int MaxFiles = 500;
    const string Quantised = ".int8.onnx";

    /// <summary>In the order of their names.</summary>
    internal static IReadOnlyList<SpeechFolder> List(string place)
        => [.. Directory.EnumerateDirectories(place).Select(Path.GetFileName).Order(StringComparer.Ordinal).Select(name => Find(place, name!)).OfType<SpeechFolder>()];

    /// <summary>Null when there is no such model.</summary>
    internal static SpeechFolder? Find(string place, string name)
    {
        if (!PullSource.IsName(name))
            return null;
        var folder = new DirectoryInfo(Path.Combine(place, name));
        if (!folder.Exists || folder.LinkTarget is not null)
            return null;
        try
        {
            var entries = folder.EnumerateFileSystemInfos().Take(MaxFiles + 1).ToList();
            if (entries.Count > MaxFiles || entries.Any(entry => entry.LinkTarget is not null || !entry.Name.All(IsPlain)))
                return null;
            return Recognise(folder, [.. entries.OfType<FileInfo>().Select(file => file.Name).Order(StringComparer.Ordinal)]);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static SpeechFolder? Recognise(DirectoryInfo folder, string[] names)
    {
        var tokens = Array.Find(names, name => name is "tokens.txt") ?? Array.Find(names, name => name.EndsWith("-tokens.txt", StringComparison.Ordinal));
        var parts = new Dictionary<string, string?>(StringComparer.Ordinal) { ["tokens"] = tokens };
        string? language = null;
        var encoder = Choose(names, "encoder", quantised: true);
        var kind = tokens is null ? WithoutWords(folder, names, parts) : encoder is not null ? ByParts(folder, names, encoder, parts) : ByModel(folder, names, parts, out language);
        if (kind is null)
            return null;
        var files = parts.Where(part => part.Value is not null).ToDictionary(part => part.Key, part => Path.Combine(folder.FullName, part.Value!), StringComparer.Ordinal);
        return new SpeechFolder(
            folder.Name, folder.FullName, kind, files, files.Values.Where(File.Exists).Sum(path => new FileInfo(path).Length), new DateTimeOffset(folder.CreationTimeUtc, TimeSpan.Zero), language,
            names.Contains(SpeechManifest.DamagedName))
        {
            Multilingual = kind == SpeechKind.Whisper && OnnxMetadata.Read(files["encoder"])?.GetValueOrDefault("is_multilingual") == "1",
        };
    }

    /// <summary>Files that know no words, so that there is no list of them. One folder may have both.</summary>
    static string? WithoutWords(DirectoryInfo folder, string[] names, Dictionary<string, string?> parts)
    {
        // The smaller of two first, as elsewhere.
        foreach (var name in names.Where(IsOnnx).OrderByDescending(name => name.EndsWith(Quantised, StringComparison.Ordinal)))
        {
            if (OnnxMetadata.Read(Path.Combine(folder.FullName, name)) is not { } about)
                continue;
            if (SpeechKind.OfDenoiser(about) is { } denoiser)
            {
                parts["model"] = name;
                return denoiser;
            }

            if (SpeechKind.SpeakerPartOf(about) is { } part)
                parts.TryAdd(part, name);
        }

        return (parts.ContainsKey(SpeechKind.SegmentationPart), parts.ContainsKey(SpeechKind.EmbeddingPart)) switch
        {
            (true, true) => SpeechKind.Diarisation,
            (true, false) => SpeechKind.SpeakerSegmentation,
            (false, true) => SpeechKind.SpeakerEmbedding,
            _ => null,
        };
    }

    static string? ByParts(DirectoryInfo folder, string[] names, string encoder, Dictionary<string, string?> parts)
    {
        var about = OnnxMetadata.Read(Path.Combine(folder.FullName, encoder));
        var joiner = Choose(names, "joiner", quantised: true);
        // The decoder of a transducer is small, and the worse for being made smaller.
        var decoder = Choose(names, "decoder", quantised: joiner is null);
        if (about is null || decoder is null)
            return null;
        (parts["encoder"], parts["decoder"], parts["joiner"]) = (encoder, decoder, joiner);
        if (SpeechKind.OfStreamingParts(about, joiner is not null) is { } streaming)
        {
            if (streaming != SpeechKind.StreamingTransducer || !SpeechKind.SpotsKeywords(folder.Name, names))
                return streaming;
            // How words are taken apart into its tokens.
            parts["pieces"] = Array.Find(names, name => name is "bpe.model");
            return SpeechKind.KeywordSpotter;
        }

        if (joiner is not null)
            return SpeechKind.Transducer;
        return about.GetValueOrDefault("model_type")?.StartsWith("whisper", StringComparison.Ordinal) == true ? SpeechKind.Whisper : null;
    }

    static string? ByModel(DirectoryInfo folder, string[] names, Dictionary<string, string?> parts, out string? language)
    {
        var vocoder = Array.Find(names, name => IsOnnx(name) && (name.Contains("voc", StringComparison.Ordinal) || name.Contains("hifigan", StringComparison.Ordinal)));
        var models = names.Where(name => IsOnnx(name) && name != vocoder).ToList();
        var model = models.Find(name => name.EndsWith(Quantised, StringComparison.Ordinal)) ?? models.FirstOrDefault();
        var about = model is null ? null : OnnxMetadata.Read(Path.Combine(folder.FullName, model));
        var kind = about is null ? null : SpeechKind.OfStreaming(about) ?? SpeechKind.OfType(about.GetValueOrDefault("model_type"));
        parts["model"] = model;
        language = kind is SpeechKind.Vits or SpeechKind.Matcha ? LanguageOf(about?.GetValueOrDefault("voice")) : null;
        if (kind is null || SpeechKind.PurposeOf(kind) == Contracts.Models.SpeechPurpose.Recogniser)
            return kind;
        parts["lexicon"] = Array.Find(names, name => name is "lexicon.txt");
        parts["data"] = Directory.Exists(Path.Combine(folder.FullName, "espeak-ng-data")) ? "espeak-ng-data" : null;
        parts["voices"] = Array.Find(names, name => name is "voices.bin");
        parts["vocoder"] = vocoder;
        return kind switch
        {
            SpeechKind.Kokoro when parts["voices"] is null => null,
            SpeechKind.Matcha when vocoder is null => null,
            _ => kind,
        };
    }

    /// <summary>Piper's voices name the one of espeak-ng by whose rules they read, such as <c>en-us</c>; <c>cmn</c> is what everybody else calls zh.</summary>
    static string? LanguageOf(string? voice)
        => voice?.Split('-', '_')[0].ToLowerInvariant() is { Length: 2 or 3 } tag && tag.All(char.IsAsciiLetterLower) ? tag == "cmn" ? "zh" : tag : null;

    /// <summary>A model's part; of the two that are often there the smaller, which is as good and quicker on a processor.</summary>
    static string? Choose(string[] names, string part, bool quantised)
    {
        var found = names.Where(name => IsOnnx(name) && name.Contains(part, StringComparison.Ordinal)).ToList();
        return found.Find(name => name.EndsWith(Quantised, StringComparison.Ordinal) == quantised) ?? found.FirstOrDefault();
    }

    static bool IsOnnx(string name) => name.EndsWith(".onnx", StringComparison.Ordinal);

    static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+' or '@';
}
