using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Models;

namespace JeanTrail.Models.Speech;

/// <summary>Hears that Jean is called, with a model that knows little more than her name.</summary>
internal sealed class SpotterEngine(SpeechEngine engine) : ILocalSpotter
{
    public async IAsyncEnumerable<SpottedKeyword> SpotAsync(string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        var worker = await engine.OpenAsync(await engine.FindAsync(model, SpeechPurpose.Spotter, cancel));
        await foreach (var told in worker.AskAsync<SpotTold>("spot", new { }, audio, cancel))
        {
            if (told.At is { } at)
                yield return new SpottedKeyword(TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(told.End ?? at), told.Keyword);
        }
    }

    sealed record SpotTold(double? At, double? End, string? Keyword);
}
