using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.AI;

namespace JeanTrail.Contracts.Gateway;

/// <summary>Search by meaning: whoever wants it asks here, and does without where the answer is null. Limits and books apply as to chats.</summary>
public interface IVectorModels
{
    /// <summary>Measures what texts mean, on behalf of <paramref name="user"/>. The caller disposes of it.</summary>
    /// <param name="modelId">A route or <c>provider/model</c>, not looked up before the first call; null asks for the embedder on this machine.</param>
    /// <returns>Null while this machine has none.</returns>
    /// <remarks>
    /// Calls fail with <see cref="ModelCallException"/>: the model is unknown, does not answer, or answers with something else. Vectors come
    /// as the model gives them, not scaled; those of different models cannot be compared.
    /// </remarks>
    Task<VectorModel?> EmbedderAsync(UserId user, string? modelId, CancellationToken cancel);

    /// <summary>The reranker on this machine; null while there is none.</summary>
    Task<IReranker?> RerankerAsync(UserId user, CancellationToken cancel);
}

/// <param name="ModelId">Goes beside stored vectors, which are worth nothing under another model.</param>
public sealed record VectorModel(string ModelId, IEmbeddingGenerator<string, Embedding<float>> Generator);

/// <summary>Orders documents by how well they answer a question.</summary>
public interface IReranker
{
    string ModelId { get; }

    /// <summary>The best first, at most <paramref name="count"/>. Fails with <see cref="ModelCallException"/>.</summary>
    Task<IReadOnlyList<Ranked>> RankAsync(string query, IReadOnlyList<string> documents, int count, CancellationToken cancel);
}

/// <param name="Index">In the documents given.</param>
/// <param name="Score">0 to 1.</param>
public sealed record Ranked(int Index, double Score);
