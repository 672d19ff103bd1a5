namespace JeanTrail.Contracts.Models;

/// <summary>Takes noise from speech on this machine. Audio is as of <see cref="ILocalSpeech"/>, and so are the errors; <c>models.denoiser_missing</c> where no model for it is there.</summary>
public interface ILocalDenoiser
{
    /// <summary>Looks at the folders.</summary>
    ValueTask<bool> IsThereAsync(CancellationToken cancel);

    /// <summary>The same speech with less of what is around it, as it comes: as long as what goes in, and read no faster.</summary>
    /// <param name="live">Somebody is speaking now: whole recordings do not hold them up.</param>
    IAsyncEnumerable<ReadOnlyMemory<byte>> CleanAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> audio, bool live, CancellationToken cancel);
}
