using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Voice;

/// <summary>
/// Writes recordings down. A recogniser of this machine comes first; a model of a connected provider is asked only where there is none, and only
/// the one that the person chose for it: without that choice no recording leaves the machine.
/// </summary>
public interface ITranscripts
{
    /// <summary>Who would write down what <paramref name="user"/> recorded, now and on this node; null when nobody can or may. Cheap.</summary>
    Task<TranscriptWriter?> WriterAsync(UserId user, CancellationToken cancel);

    /// <summary>What is said, each stretch as soon as it has been read. Nothing comes of silence.</summary>
    /// <param name="audio">Little-endian 16-bit mono samples at 16 kHz without a header, in pieces of any length; read no further ahead than is needed.</param>
    /// <exception cref="TranscriptException">It cannot be written down; what came before holds.</exception>
    IAsyncEnumerable<TranscriptPiece> WriteAsync(UserId user, TranscriptWriter writer, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancel);
}

/// <param name="Model">A recogniser's name, or the id of a connected model.</param>
/// <param name="Local">False when the recording leaves the machine.</param>
public sealed record TranscriptWriter(string Model, bool Local);

/// <summary>What was said in a stretch, from the beginning of the audio.</summary>
/// <param name="Text">One line, not empty.</param>
public readonly record struct TranscriptPiece(TimeSpan Start, TimeSpan End, string Text);

/// <summary>A recording was not written down, told in the house's words. Never carries audio or text.</summary>
/// <param name="passing">Trying again later may help.</param>
public sealed class TranscriptException(Error error, bool passing, Exception? inner = null) : Exception(error.Detail, inner)
{
    public Error Error { get; } = error;

    public bool Passing { get; } = passing;
}
