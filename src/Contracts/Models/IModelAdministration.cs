using JeanTrail.Kernel.Errors;

namespace JeanTrail.Contracts.Models;

/// <summary>What an owner does with models at the console.</summary>
public interface IModelAdministration
{
    Task<IReadOnlyList<InstalledModel>> ListAsync(CancellationToken cancel);

    /// <summary>What can be pulled by name.</summary>
    IReadOnlyList<OfferedModel> Offers { get; }

    /// <summary>The terms under which a source may be pulled, to be shown before <see cref="PullAsync"/>. Error: <c>models.source_invalid</c>.</summary>
    Result<PullTerms> Terms(string source);

    /// <summary>Pulls and installs in the foreground; goes on where an earlier attempt ended.</summary>
    /// <param name="source">A name of the catalogue, <c>hf:owner/repository/file.gguf</c>, an https address, or the path of a file.</param>
    /// <param name="told">Bytes so far, and of how many where that is known.</param>
    Task<Result<InstalledModel>> PullAsync(string source, string? name, Action<long, long?> told, CancellationToken cancel);

    /// <summary>Error: <c>models.unknown</c>.</summary>
    Task<Result<Guid>> RemoveAsync(string name, CancellationToken cancel);

    /// <summary>Reads the whole file again. The result says whether it is what was installed. Error: <c>models.unknown</c>.</summary>
    Task<Result<bool>> VerifyAsync(string name, Action<long, long?> told, CancellationToken cancel);
}

/// <param name="Purpose"><c>chat embedding rerank</c>, or of speech <c>recogniser voice</c>.</param>
/// <param name="State"><c>ready damaged missing</c>.</param>
public sealed record InstalledModel(string Name, string Purpose, string Architecture, string Quantisation, long SizeBytes, string Licence, string State);

/// <param name="NeedBytes">Memory it takes with the usual context.</param>
/// <param name="Fits">Whether this machine has that.</param>
public sealed record OfferedModel(string Name, string Title, string Purpose, long SizeBytes, long NeedBytes, bool Fits, string Licence, IReadOnlyList<string> Languages);

/// <param name="Known">False where the licence is not known here and stands on the model's own page.</param>
public sealed record PullTerms(string From, string Licence, string LicenceUrl, bool Known);
