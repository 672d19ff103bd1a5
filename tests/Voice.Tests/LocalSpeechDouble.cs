using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Voice.Tests;

/// <summary>Speech models that say what a test tells them to. The real ones are met in the tests of Models, with the whole server.</summary>
internal sealed class LocalSpeechDouble : ILocalSpeech, ILocalDenoiser, ILocalSpotter
{
    internal static readonly Error Lost = new("models.lost", 503, "The model stopped in the middle.");

    internal List<SpeechModel> Models { get; } = [];

    /// <summary>What is spoken: samples at 16 kHz, piece by piece; null waits until it is called off.</summary>
    internal Func<SynthesisRequest, IEnumerable<short[]?>> Says { get; set; } = _ => throw new LocalModelException(new Error("models.unknown", 404, "There is no such model on this machine."));

    internal void Offer(string name, string? language, Func<SynthesisRequest, IEnumerable<short[]?>> says)
    {
        Models.Add(new SpeechModel(name, SpeechPurpose.Voice, "vits", 1, DateTimeOffset.UnixEpoch, language));
        Says = says;
    }

    public ValueTask<IReadOnlyList<SpeechModel>> ListAsync(CancellationToken cancel) => ValueTask.FromResult<IReadOnlyList<SpeechModel>>(Models);

    public IAsyncEnumerable<SpeechSegment> SegmentsAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, SegmentOptions? options, CancellationToken cancel) => throw new NotSupportedException();

    public ValueTask<bool> IsThereAsync(CancellationToken cancel) => ValueTask.FromResult(false);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> CleanAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, bool live, CancellationToken cancel) => throw new NotSupportedException();

    /// <summary>What is heard in any recording; it is not read before this is known.</summary>
    internal Func<Task<string>> Hears { get; set; } = () => Task.FromResult("");

    public async IAsyncEnumerable<SpokenText> TranscribeAsync(string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        var text = await Hears();
        await foreach (var piece in audio.WithCancellation(cancel))
            yield return new SpokenText(TimeSpan.Zero, TimeSpan.FromSeconds(piece.Length / 32_000.0), text);
    }

    /// <summary>Each piece is heard again as so many bytes; the end as a final word.</summary>
    public async IAsyncEnumerable<HeardText> ListenAsync(string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        var text = await Hears();
        var seconds = 0.0;
        await foreach (var piece in audio.WithCancellation(cancel))
        {
            seconds += piece.Length / 32_000.0;
            yield return new HeardText(TimeSpan.Zero, TimeSpan.FromSeconds(seconds), text, Final: false);
        }

        yield return new HeardText(TimeSpan.Zero, TimeSpan.FromSeconds(seconds), text, Final: true);
    }

    /// <summary>Each piece calls in its first half.</summary>
    public async IAsyncEnumerable<SpottedKeyword> SpotAsync(string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return new SpottedKeyword(TimeSpan.Zero, TimeSpan.Zero, Keyword: null);
        var seconds = 0.0;
        await foreach (var piece in audio.WithCancellation(cancel))
        {
            var length = piece.Length / 32_000.0;
            yield return new SpottedKeyword(TimeSpan.FromSeconds(seconds + length), TimeSpan.FromSeconds(seconds + length / 2), "jean");
            seconds += length;
        }
    }

    public async IAsyncEnumerable<SynthesisedAudio> SpeakAsync(string model, SynthesisRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var piece in Says(request))
        {
            if (piece is null)
                await Task.Delay(Timeout.Infinite, cancel);
            yield return new SynthesisedAudio(16_000, System.Runtime.InteropServices.MemoryMarshal.AsBytes<short>(piece).ToArray());
        }
    }
}
