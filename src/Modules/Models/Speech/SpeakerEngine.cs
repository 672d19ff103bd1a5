using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Models;

namespace JeanTrail.Models.Speech;

/// <summary>Voices and languages told apart, by the first model that is there for it: nobody chooses among them.</summary>
internal sealed class SpeakerEngine(SpeechEngine engine) : ILocalSpeakers
{
    /// <summary>No model's name has it: what runs under one with it is made of the models that it joins, or is another use of one.</summary>
    internal const char Join = '+';

    public async ValueTask<SpeakerAbilities> AbilitiesAsync(CancellationToken cancel)
    {
        var folders = await engine.FoldersAsync(cancel);
        return new SpeakerAbilities(Diarisation(folders) is not null, Embedding(folders) is not null, Language(folders) is not null);
    }

    public async IAsyncEnumerable<SpeakerTurn> DiariseAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, int? speakers, [EnumeratorCancellation] CancellationToken cancel)
    {
        var worker = await OpenAsync(Diarisation, cancel);
        await foreach (var told in worker.AskAsync<TurnTold>("diarise", new { speakers }, audio, cancel))
        {
            if (told is { Start: { } start, End: { } end, Speaker: { } speaker })
                yield return new SpeakerTurn(TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end), speaker);
        }
    }

    public async Task<Voiceprint> EnrolAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancel)
    {
        var worker = await OpenAsync(Embedding, cancel);
        await foreach (var told in worker.AskAsync<PrintTold>("voiceprint", new { }, audio, cancel))
        {
            if (told.Voiceprint is { } values)
                return new Voiceprint(worker.Model!.Name, values);
        }

        throw new LocalModelException(ModelsErrors.Lost);
    }

    public async Task<VoiceMatch> IdentifyAsync(
        IReadOnlyList<EnrolledVoice> enrolled, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, double? threshold, CancellationToken cancel)
    {
        var worker = await OpenAsync(Embedding, cancel);
        if (enrolled.Any(one => one.Voiceprints.Any(print => print.Model != worker.Model!.Name)))
            throw new LocalModelException(ModelsErrors.RequestInvalid("These voiceprints are of another model. Enrol the voices again."));
        var body = new { enrolled = enrolled.Select(one => new { one.Name, voiceprints = one.Voiceprints.Select(print => print.Values) }), threshold };
        await foreach (var told in worker.AskAsync<MatchTold>("identify", body, audio, cancel))
        {
            if (told.Score is { } score)
                return new VoiceMatch(told.Name, score);
        }

        throw new LocalModelException(ModelsErrors.Lost);
    }

    public async Task<string?> LanguageOfAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancel)
    {
        var worker = await OpenAsync(Language, cancel);
        await foreach (var told in worker.AskAsync<LanguageTold>("language", new { }, audio, cancel))
        {
            if (told.Loading is null)
                return told.Language;
        }

        throw new LocalModelException(ModelsErrors.Lost);
    }

    sealed record TurnTold(double? Start, double? End, int? Speaker);

    sealed record PrintTold(float[]? Voiceprint);

    sealed record MatchTold(string? Name, double? Score);

    sealed record LanguageTold(string? Language, bool? Loading);

    async Task<SpeechWorker> OpenAsync(Func<IReadOnlyList<SpeechFolder>, SpeechFolder?> choose, CancellationToken cancel)
        => await engine.OpenAsync(choose(await engine.FoldersAsync(cancel)) ?? throw new LocalModelException(ModelsErrors.SpeakersMissing));

    /// <summary>Of a folder that has both, or of two.</summary>
    static SpeechFolder? Diarisation(IReadOnlyList<SpeechFolder> folders)
    {
        var segmentation = folders.FirstOrDefault(one => one.Files.ContainsKey(SpeechKind.SegmentationPart));
        var embedding = segmentation?.Files.ContainsKey(SpeechKind.EmbeddingPart) == true ? segmentation : Embedding(folders);
        if (segmentation is null || embedding is null)
            return null;
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [SpeechKind.SegmentationPart] = segmentation.Files[SpeechKind.SegmentationPart],
            [SpeechKind.EmbeddingPart] = embedding.Files[SpeechKind.EmbeddingPart],
        };
        return segmentation with
        {
            Name = $"{segmentation.Name}{Join}{embedding.Name}",
            Kind = SpeechKind.Diarisation,
            Files = files,
            SizeBytes = files.Values.Sum(path => new FileInfo(path).Length),
        };
    }

    static SpeechFolder? Embedding(IReadOnlyList<SpeechFolder> folders)
        => folders.FirstOrDefault(one => one.Files.ContainsKey(SpeechKind.EmbeddingPart)) is { } folder ? folder with { Kind = SpeechKind.SpeakerEmbedding } : null;

    /// <summary>Whisper's own, once more in a process of its own: there it is asked for the language alone, and does not write.</summary>
    static SpeechFolder? Language(IReadOnlyList<SpeechFolder> folders)
        => folders.FirstOrDefault(one => one.Kind == SpeechKind.Whisper && one.Multilingual) is { } folder
            ? folder with { Name = $"{folder.Name}{Join}language", Kind = SpeechKind.Language } : null;
}
