using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using JeanTrail.Voice.Audio;

namespace JeanTrail.Voice.Speaking;

/// <summary>Speech that has begun: its first piece is there.</summary>
/// <param name="FallbackCode">Why the wished local voice does not speak; null when nothing went wrong.</param>
internal sealed record SpeechStream(int SampleRate, IAsyncEnumerator<ReadOnlyMemory<byte>> Pieces, string? FallbackCode) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Pieces.DisposeAsync();
}

/// <summary>Begins to say a text in the wished voice, or in the built-in one where that gives no sound.</summary>
internal sealed class SpeechStreams(Speaker speaker, LocalVoice local, Loudness loudness)
{
    /// <summary>The first piece decides. Throws what <see cref="Speaker.SpeakAsync"/> throws.</summary>
    internal async Task<Result<SpeechStream>> OpenAsync(SpeechRequest request, CancellationToken cancel)
    {
        string? fallback = null;
        if (await local.StreamAsync(request, cancel) is { } pieces)
        {
            try
            {
                if (await BeginAsync(pieces, request, cancel) is { } begun)
                    return begun;
                fallback = VoiceErrors.LocalSilent.Code;
            }
            catch (LocalModelException failure)
            {
                fallback = failure.Error.Code;
            }
        }

        var understood = await speaker.UnderstandAsync(request, cancel);
        if (!understood.TryGet(out var utterance, out var refused))
            return refused;
        var spoken = Pieces(utterance, loudness.GainOf(utterance.Voice.Id), cancel).GetAsyncEnumerator(cancel);
        if (await MovesAsync(spoken))
            return new SpeechStream(utterance.SampleRate, spoken, fallback);
        return VoiceErrors.TextEmpty;
    }

    async Task<SpeechStream?> BeginAsync(IAsyncEnumerable<SynthesisedAudio> audio, SpeechRequest request, CancellationToken cancel)
    {
        var source = audio.GetAsyncEnumerator(cancel);
        if (!await MovesAsync(source))
            return null;
        var rate = source.Current.SampleRate;
        var pieces = Pieces(source, loudness.GainOf($"local/{request.LocalVoice}")).GetAsyncEnumerator(cancel);
        return await MovesAsync(pieces) ? new SpeechStream(rate, pieces, null) : null;
    }

    static async Task<bool> MovesAsync<T>(IAsyncEnumerator<T> pieces)
    {
        var moved = false;
        try
        {
            return moved = await pieces.MoveNextAsync();
        }
        finally
        {
            if (!moved)
                await pieces.DisposeAsync();
        }
    }

    /// <param name="begun">At its first piece.</param>
    static async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(IAsyncEnumerator<SynthesisedAudio> begun, double gain)
    {
        await using (begun)
        {
            do
                yield return Louder(begun.Current.Samples, gain);
            while (await begun.MoveNextAsync());
        }
    }

    async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(Utterance utterance, double gain, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var part in speaker.SpeakAsync(utterance, cancel))
        {
            if (!part.Samples.IsEmpty)
                yield return Louder(part.Samples, gain);
        }
    }

    static byte[] Louder(ReadOnlyMemory<byte> piece, double gain)
    {
        var samples = Speaker.AsSamples(piece).ToArray();
        Loudness.Apply(samples, gain);
        return MemoryMarshal.AsBytes<short>(samples).ToArray();
    }
}
