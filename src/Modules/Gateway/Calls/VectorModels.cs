using System.Text.Json;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Contracts.Models;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Local;
using JeanTrail.Gateway.Providers;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Calls;

/// <summary>The house's own embeddings and reranking, over the exchange like everything else.</summary>
internal sealed class VectorModels(ModelExchange exchange, LocalProvider local, ProviderDirectory providers, Consumers consumers) : IVectorModels
{
    public async Task<VectorModel?> EmbedderAsync(UserId user, string? modelId, CancellationToken cancel)
        => (modelId ?? await local.DefaultAsync(LocalPurpose.Embedding, await providers.ListAsync(cancel), cancel)) is { } model
            ? new VectorModel(model, new Embedder(exchange, await consumers.FindAsync(user, cancel), model))
            : null;

    public async Task<IReranker?> RerankerAsync(UserId user, CancellationToken cancel)
        => await local.DefaultAsync(LocalPurpose.Rerank, await providers.ListAsync(cancel), cancel) is { } model
            ? new Reranker(exchange, await consumers.FindAsync(user, cancel), model)
            : null;

    /// <summary>Asks once and gives the whole answer.</summary>
    /// <exception cref="ModelCallException">There is none.</exception>
    static async Task<JsonElement> AskAsync(ModelExchange exchange, Consumer consumer, Surface surface, object request, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request);
        if (!RequestShape.Read(body).TryGet(out var shape, out var invalid))
            throw new ModelCallException(invalid, Blame.Server);
        var whole = await exchange.AskAsync(new GatewayCall(surface, consumer, body, shape, "application/json", GatewayCall.CurrentTrace()), cancel);
        try
        {
            return JsonElement.Parse(whole.Span);
        }
        catch (JsonException)
        {
            throw UpstreamFaults.Nonsense.ToException();
        }
    }

    sealed class Embedder(ModelExchange exchange, Consumer consumer, string modelId) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var inputs = values.ToList();
            object request = options?.Dimensions is { } dimensions
                ? new { model = modelId, input = inputs, encoding_format = "float", dimensions }
                : new { model = modelId, input = inputs, encoding_format = "float" };
            var answer = await AskAsync(exchange, consumer, Surface.Embeddings, request, cancellationToken);
            return Read(answer, inputs.Count) is { } vectors
                ? [.. vectors.Select(vector => new Embedding<float>(vector) { ModelId = modelId })]
                : throw UpstreamFaults.Nonsense.ToException();
        }

        public object? GetService(Type serviceType, object? serviceKey = null)
            => serviceKey is null && serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("jeantrail", null, modelId)
                : serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose()
        {
            // Nothing is held between calls.
        }

        /// <summary>Null when it is not as many vectors as there were texts.</summary>
        static float[][]? Read(JsonElement answer, int count)
        {
            try
            {
                var vectors = new float[count][];
                foreach (var item in answer.GetProperty("data").EnumerateArray())
                    vectors[item.GetProperty("index").GetInt32()] = [.. item.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle())];
                return Array.TrueForAll(vectors, vector => vector is { Length: > 0 }) ? vectors : null;
            }
            catch (Exception odd) when (odd is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
            {
                return null;
            }
        }
    }

    sealed class Reranker(ModelExchange exchange, Consumer consumer, string modelId) : IReranker
    {
        public string ModelId => modelId;

        public async Task<IReadOnlyList<Ranked>> RankAsync(string query, IReadOnlyList<string> documents, int count, CancellationToken cancel)
        {
            var answer = await AskAsync(exchange, consumer, Surface.Rerank, new { model = modelId, query, documents, top_n = count }, cancel);
            try
            {
                return [.. answer.GetProperty("results").EnumerateArray().Select(result => new Ranked(result.GetProperty("index").GetInt32(), result.GetProperty("relevance_score").GetDouble()))];
            }
            catch (Exception odd) when (odd is KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw UpstreamFaults.Nonsense.ToException();
            }
        }
    }
}
