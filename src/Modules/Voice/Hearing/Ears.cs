using JeanTrail.Contracts.Models;

namespace JeanTrail.Voice.Hearing;

/// <summary>The recognisers of this server, with what is around the speech taken away before where that is asked for.</summary>
internal sealed class Ears(ILocalSpeech speech, ILocalDenoiser denoiser)
{
    internal IAsyncEnumerable<SpokenText> TranscribeAsync(string recogniser, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, bool denoise, CancellationToken cancel)
        => speech.TranscribeAsync(recogniser, Clean(audio, denoise, live: false, cancel), cancel);

    internal IAsyncEnumerable<HeardText> ListenAsync(string recogniser, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, bool denoise, CancellationToken cancel)
        => speech.ListenAsync(recogniser, Clean(audio, denoise, live: true, cancel), cancel);

    IAsyncEnumerable<ReadOnlyMemory<byte>> Clean(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, bool denoise, bool live, CancellationToken cancel)
        => denoise ? denoiser.CleanAsync(audio, live, cancel) : audio;
}
