namespace JeanTrail.Models.Gguf;

/// <summary>What a GGUF file says of itself, as far as it is needed before an engine opens it.</summary>
/// <param name="Quantisation">The type most of its weights have, such as <c>Q8_0</c>.</param>
/// <param name="ContextBytes">Bytes of key and value cache for one token, at 16 bits.</param>
/// <param name="Pooling">How it makes one vector of many: 0 not at all, 1 mean, 2 first, 3 last, 4 a score. Null: it does not say.</param>
internal sealed record GgufHeader(
    string Architecture, string? Title, string Quantisation, long Parameters, int TrainContext, int Layers, int EmbeddingLength, long ContextBytes,
    int? Pooling, bool HasClassifier, bool HasChatTemplate, string? Licence);

/// <summary>The file is no GGUF that can be used. The message says why, for a person.</summary>
internal sealed class GgufException(string message) : Exception(message);
