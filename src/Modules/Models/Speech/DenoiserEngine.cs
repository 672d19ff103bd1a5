using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Models;

namespace JeanTrail.Models.Speech;

/// <summary>Noise taken away by the first model that is there for it.</summary>
internal sealed class DenoiserEngine(SpeechEngine engine) : ILocalDenoiser
{
    public async ValueTask<bool> IsThereAsync(CancellationToken cancel) => await FindAsync(cancel) is not null;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> CleanAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, bool live, [EnumeratorCancellation] CancellationToken cancel)
    {
        var model = await FindAsync(cancel) ?? throw new LocalModelException(ModelsErrors.DenoiserMissing);
        var worker = await engine.OpenAsync(model, live);
        await foreach (var piece in worker.ChunksAsync("denoise", audio, cancel))
            yield return piece;
    }

    async Task<SpeechFolder?> FindAsync(CancellationToken cancel)
        => (await engine.FoldersAsync(cancel)).FirstOrDefault(one => SpeechKind.PurposeOf(one.Kind) == SpeechPurpose.Denoiser);
}
