namespace JeanTrail.Contracts.Models;

/// <summary>Jean was called.</summary>
/// <param name="At">When that was known, from the beginning of the audio.</param>
/// <param name="End">Where the word ends in the audio, as well as the model tells, which may be a little later: what follows was said to her.</param>
/// <param name="Keyword">Which of the words it was: <c>hey-jean</c>, <c>jean</c>; null of the first, which only says that the model is there and listens.</param>
public sealed record SpottedKeyword(TimeSpan At, TimeSpan End, string? Keyword);

/// <summary>
/// Hears on this machine that Jean is called, and nothing else of what is said. Audio and errors are as of <see cref="ILocalSpeech.TranscribeAsync"/>; <c>models.unreadable</c> also
/// for a model with whose tokens her name cannot be written.
/// </summary>
public interface ILocalSpotter
{
    /// <summary>Each call of her name, until the audio ends.</summary>
    IAsyncEnumerable<SpottedKeyword> SpotAsync(string model, IAsyncEnumerable<ReadOnlyMemory<byte>> audio, CancellationToken cancel);
}
