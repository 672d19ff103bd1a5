using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Tests.Recordings;

/// <summary>Whoever writes down, when a test lets them. The real ones are met in <see cref="RecordingTests"/>.</summary>
internal sealed class HeldTranscripts : ITranscripts
{
    int begun;

    /// <summary>How many recordings it was given, the same again included.</summary>
    public int Begun => begun;

    public TranscriptWriter? Writer { get; set; } = new("held", Local: true);

    /// <summary>What is said, once it is known; it may fail.</summary>
    public Func<CancellationToken, Task<string>> Says { get; set; } = _ => Task.FromResult("something");

    public Task<TranscriptWriter?> WriterAsync(UserId user, CancellationToken cancel) => Task.FromResult(Writer);

    public async IAsyncEnumerable<TranscriptPiece> WriteAsync(
        UserId user, TranscriptWriter writer, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        Interlocked.Increment(ref begun);
        var bytes = 0;
        await foreach (var piece in audio.WithCancellation(cancel))
            bytes += piece.Length;
        var text = await Says(cancel);
        if (text.Length > 0)
            yield return new TranscriptPiece(TimeSpan.Zero, TimeSpan.FromSeconds(bytes / 32_000.0), text);
    }
}
