using JeanTrail.Kernel.Errors;
using JeanTrail.Models.Pulls;
using JeanTrail.Models.Speech;

namespace JeanTrail.Models.Library;

/// <summary>Takes in what was pulled, whatever it is, and says what is there already.</summary>
internal sealed class Arrivals(ModelLibrary models, SpeechLibrary speech)
{
    /// <summary>Models of both kinds share their names: a pull, a page and a console know one.</summary>
    internal async Task<bool> IsTakenAsync(string name, CancellationToken cancel)
        => await models.FindAsync(name, cancel) is not null || await speech.IsTakenAsync(name, cancel);

    internal async Task<long> TotalBytesAsync(CancellationToken cancel)
        => (await models.ListAsync(cancel)).Sum(model => model.Row.SizeBytes) + await speech.TotalBytesAsync(cancel);

    /// <summary>The model's id where it has one.</summary>
    /// <param name="told">Of an archive: how many of its bytes are unpacked, and of how many.</param>
    internal async Task<Result<Guid?>> AddAsync(Arrival arrival, PullSource source, Guid pull, Func<long, long, Task> told, CancellationToken cancel)
    {
        if (source.Ending is { } ending)
        {
            // Models of other kinds do not change their size while it goes on.
            var others = (await models.ListAsync(cancel)).Sum(model => model.Row.SizeBytes);
            return (await speech.AddAsync(arrival, ending, pull, others, told, cancel)).TryGet(out _, out var refused) ? (Guid?)null : refused;
        }

        return (await models.AddAsync(arrival, cancel)).TryGet(out var row, out var error) ? row.ModelId : error;
    }
}
