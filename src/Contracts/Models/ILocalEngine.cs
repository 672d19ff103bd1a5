using JeanTrail.Kernel.Errors;

namespace JeanTrail.Contracts.Models;

/// <summary>What a model on this machine is for.</summary>
public enum LocalPurpose
{
    Chat,
    Embedding,
    Rerank,
}

/// <summary>A model that is on this machine, whole and verified.</summary>
/// <param name="Name">Its public name, unique on the server.</param>
/// <param name="ContextTokens">How much one conversation may hold.</param>
public sealed record LocalModel(Guid ModelId, string Name, LocalPurpose Purpose, int ContextTokens, DateTimeOffset InstalledAt);

/// <summary>What a local model is asked, in OpenAI's words.</summary>
public enum LocalOperation
{
    Chat,
    Embeddings,
    Rerank,
}

/// <summary>A piece of an answer.</summary>
public enum LocalPieceKind
{
    /// <summary>Not for the caller: the model is being loaded, or reads the prompt.</summary>
    Progress,

    /// <summary>One chunk of a streamed chat completion, in OpenAI's JSON.</summary>
    Chunk,

    /// <summary>The whole answer of what is not streamed, in OpenAI's JSON.</summary>
    Whole,
}

/// <param name="Json">Valid for as long as the reader likes.</param>
public readonly record struct LocalPiece(LocalPieceKind Kind, ReadOnlyMemory<byte> Json);

/// <summary>The models of this machine. Callers outside of the Gateway ask the Gateway, where limits, caches and books apply.</summary>
public interface ILocalEngine
{
    /// <summary>What can answer on this node; from memory.</summary>
    ValueTask<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancel);

    /// <summary>
    /// Asks a model, loading it first where it is not loaded. Leaving the loop stops it within a token; a slow reader slows only this answer.
    /// </summary>
    /// <param name="request">OpenAI's JSON of a chat completion, of embeddings, or Jina's of a rerank.</param>
    /// <exception cref="LocalModelException">It did not answer, or broke off.</exception>
    IAsyncEnumerable<LocalPiece> AskAsync(string model, LocalOperation operation, ReadOnlyMemory<byte> request, CancellationToken cancel);
}

/// <summary>A local model failed. Its errors are <c>models.unknown</c>, <c>models.does_not_fit</c>, <c>models.engine_missing</c>, <c>models.busy</c>,
/// <c>models.context_too_long</c>, <c>models.request_invalid</c>, <c>models.lost</c>, <c>models.unreadable</c>.</summary>
public sealed class LocalModelException(Error error, Exception? inner = null) : Exception(error.Detail, inner)
{
    public Error Error { get; } = error;
}
