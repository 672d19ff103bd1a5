using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Workers;

namespace JeanTrail.Voice.Speaking;

/// <param name="Language">BCP 47, any case.</param>
internal sealed record SpokenLine(SpeakableText Text, string Language);

/// <summary>A request that has been understood: what to say, in which voice.</summary>
internal sealed record Utterance(SpeakableText Text, string Language, VoiceChoice Voice, double Rate, double Pitch, int SampleRate);

/// <summary>A piece of speech: either samples or marks.</summary>
internal readonly record struct SpeechPart(ReadOnlyMemory<byte> Samples, WorkerMarks? Marks);

/// <summary>Turns requests into raw speech.</summary>
internal sealed class Speaker(VoiceWorkers workers, VoiceCatalogue voices)
{
    const int MaxLength = 2000;

    /// <summary>Decides what is said and how; nothing is synthesised yet. Throws what <see cref="WorkerPool.CallAsync"/> throws.</summary>
    public async Task<Result<Utterance>> UnderstandAsync(SpeechRequest request, CancellationToken cancel)
    {
        if (!Read(request).TryGet(out var line, out var unreadable))
            return unreadable;
        var (text, language) = line;
        var choice = await voices.ChooseAsync(language, request.VoiceId, cancel);
        if (!choice.TryGet(out var voice, out var error))
            return error;
        var hello = await workers.HelloAsync(cancel);
        return new Utterance(text, VoiceCatalogue.Primary(voice.Language), voice, Math.Clamp(request.Rate, 0.5, 2), Math.Clamp(request.Pitch, 0, 2), hello.SampleRate);
    }

    /// <summary>What there is to say, and in which language.</summary>
    internal static Result<SpokenLine> Read(SpeechRequest request)
    {
        if (request.Text.Length > MaxLength)
            return VoiceErrors.TextTooLong;
        var text = SpeakableText.From(request.Text);
        if (text.IsSilent)
            return VoiceErrors.TextEmpty;
        return new SpokenLine(text, string.IsNullOrWhiteSpace(request.Language) ? LanguageGuess.Of(text.Text, LatinHint(request.VoiceId)) : request.Language);
    }

    /// <summary>Speech as it is made. Throws what <see cref="WorkerPool.CallAsync"/> throws; leaving the loop stops the worker.</summary>
    public async IAsyncEnumerable<SpeechPart> SpeakAsync(Utterance utterance, [EnumeratorCancellation] CancellationToken cancel)
    {
        var request = JsonSerializer.SerializeToUtf8Bytes(
            new WorkerRequest(utterance.Text.Text, utterance.Voice.Identifier, utterance.Voice.Variant, utterance.Rate, utterance.Pitch), WorkerJson.Default.WorkerRequest);
        await foreach (var message in workers.Pool.CallAsync(request, cancel))
        {
            if (message.Kind == WorkerMessageKind.Chunk)
                yield return new SpeechPart(message.Payload, null);
            else if (message.Kind == WorkerMessageKind.Event)
                yield return new SpeechPart(default, JsonSerializer.Deserialize(message.Payload.Span, WorkerJson.Default.WorkerMarks));
        }
    }

    /// <summary>The whole of it. Throws as <see cref="SpeakAsync"/>.</summary>
    internal async Task<Reading> ReadAsync(Utterance utterance, CancellationToken cancel)
    {
        var samples = new List<short>(utterance.SampleRate * 4);
        var phonemes = new List<PhonemeMark>();
        var words = new List<WordMark>();
        await foreach (var part in SpeakAsync(utterance, cancel))
        {
            samples.AddRange(AsSamples(part.Samples));
            phonemes.AddRange(part.Marks?.Phonemes ?? []);
            words.AddRange(part.Marks?.Words ?? []);
        }

        return new Reading(utterance.Text, utterance.Language, utterance.Voice.Id, utterance.SampleRate, samples, phonemes, words);
    }

    /// <summary>The error for the caller, or null when the exception is not an expected one.</summary>
    public static Error? Explain(Exception error) => error switch
    {
        WorkerUnavailableException => VoiceErrors.Unavailable(error.Message),
        WorkerBusyException => VoiceErrors.Busy,
        WorkerLostException => VoiceErrors.Lost,
        WorkerFailureException { Code: "voice_unknown" } => VoiceErrors.VoiceUnknown,
        _ => null,
    };

    internal static ReadOnlySpan<short> AsSamples(ReadOnlyMemory<byte> bytes) => MemoryMarshal.Cast<byte, short>(bytes.Span);

    /// <summary>A chosen voice tells the language of a text that could be any Latin one.</summary>
    static string? LatinHint(string? voiceId)
    {
        var tag = voiceId?.Split('/')[^1].Split('+')[0];
        return string.IsNullOrEmpty(tag) ? null : VoiceCatalogue.Primary(tag);
    }
}
