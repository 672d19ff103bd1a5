using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using JeanTrail.Voice.Faces;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Speaking;

/// <summary>A text as a voice read it, whole.</summary>
/// <param name="VoiceId">By which its loudness is remembered.</param>
/// <param name="Phonemes">With times in these samples; empty where nothing is known of its sounds.</param>
internal sealed record Reading(
    SpeakableText Text, string Language, string VoiceId, int SampleRate, List<short> Samples, IReadOnlyList<PhonemeMark> Phonemes, IReadOnlyList<WordMark> Words);

/// <summary>Reads with a voice model of this machine, where one was wished. Its sounds are taken from the built-in voice's reading of the same text.</summary>
internal sealed partial class LocalVoice(ILocalSpeech speech, Speaker builtIn, IOptions<VoiceOptions> options, TimeProvider clock, ILogger<LocalVoice> log)
{
    /// <summary>A text of the greatest length at the slowest rate takes about four minutes; what goes on for longer is broken.</summary>
    const int MaxSeconds = 600;

    /// <summary>Null where no local voice is wished or it does not read this language; the error says why the built-in voice must read instead.</summary>
    internal async Task<Result<Reading?>> ReadAsync(SpeechRequest request, CancellationToken cancel)
    {
        if (!Speaker.Read(request).TryGet(out var line, out var unreadable))
            return unreadable;
        if (!await IsWishedAsync(request, line, cancel))
            return (Reading?)null;
        var builtInReading = ReadBuiltInAsync(request, cancel);
        var samples = new List<short>();
        var rate = 0;
        try
        {
            await foreach (var piece in PiecesAsync(request, line, cancel))
            {
                rate = piece.SampleRate;
                samples.AddRange(Speaker.AsSamples(piece.Samples));
                if (samples.Count > rate * MaxSeconds)
                    return VoiceErrors.LocalSlow;
            }
        }
        catch (LocalModelException failure)
        {
            Failed(failure, request.LocalVoice!, failure.Error.Code);
            return failure.Error;
        }

        var language = VoiceCatalogue.Primary(line.Language.ToLowerInvariant());
        var other = await builtInReading;
        var (phonemes, words) = MarkStretch.Onto(CollectionsMarshal.AsSpan(samples), rate, other, line.Text);
        return new Reading(line.Text, language, $"local/{request.LocalVoice}", rate, samples, phonemes, words);
    }

    /// <summary>
    /// Speech as it is made; null as of <see cref="ReadAsync"/>. Throws a <see cref="LocalModelException"/> from the loop, which before the first piece means
    /// that the built-in voice must read.
    /// </summary>
    internal async Task<IAsyncEnumerable<SynthesisedAudio>?> StreamAsync(SpeechRequest request, CancellationToken cancel)
        => Speaker.Read(request).TryGet(out var line, out _) && await IsWishedAsync(request, line, cancel) ? PiecesAsync(request, line, cancel) : null;

    async Task<bool> IsWishedAsync(SpeechRequest request, SpokenLine line, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(request.LocalVoice))
            return false;
        var model = (await speech.ListAsync(cancel)).FirstOrDefault(one => one.Name == request.LocalVoice && one.Purpose == SpeechPurpose.Voice);
        return model?.Language is not { } language || language == VoiceCatalogue.Primary(line.Language.ToLowerInvariant());
    }

    async IAsyncEnumerable<SynthesisedAudio> PiecesAsync(SpeechRequest request, SpokenLine line, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(options.Value.LocalVoiceTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var asked = new SynthesisRequest(line.Text.Text, VoiceCatalogue.Primary(line.Language.ToLowerInvariant()), Speed: Math.Clamp(request.Rate, 0.5, 2));
        await using var pieces = speech.SpeakAsync(request.LocalVoice!, asked, both.Token).GetAsyncEnumerator(both.Token);
        while (true)
        {
            try
            {
                if (!await pieces.MoveNextAsync())
                    yield break;
            }
            catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
            {
                throw new LocalModelException(VoiceErrors.LocalSlow, late);
            }

            patience.CancelAfter(options.Value.LocalVoiceTimeout);
            yield return pieces.Current;
        }
    }

    /// <summary>The built-in voice's reading of it, for the sounds; null where it cannot read.</summary>
    async Task<Reading?> ReadBuiltInAsync(SpeechRequest request, CancellationToken cancel)
    {
        try
        {
            var understood = await builtIn.UnderstandAsync(request, cancel);
            return understood.TryGet(out var utterance, out _) ? await builtIn.ReadAsync(utterance, cancel) : null;
        }
        catch (Exception failure) when (Speaker.Explain(failure) is not null)
        {
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The local voice {Voice} did not read ({Code}); the built-in voice does")]
    partial void Failed(Exception failure, string voice, string code);
}
