using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using JeanTrail.Gateway.Exchange;

namespace JeanTrail.Gateway.Dialects.Gemini;

/// <summary>
/// Embeddings, always through batchEmbedContents. Vectors that were shortened (<c>dimensions</c>) are brought to length one, as OpenAI's are
/// and Google's, when shortened, are not. Where the upstream counts no tokens, the reply carries the gateway's estimate.
/// Source: Gemini API reference, Embeddings; OpenAI API reference, Embeddings.
/// </summary>
internal sealed class GeminiEmbeddings(DialectRequest request) : IReplyTranslator
{
    public ReplyFacts Facts { get; } = new();

    internal static void Write(JsonElement root, DialectRequest request, Utf8JsonWriter json)
    {
        var input = root.Member("input"u8);
        var texts = input.IsText() ? [input] : input.Items().ToList();
        if (texts.Count == 0)
            throw RequestTranslation.Invalid("input must be a text or an array of texts.", "input");
        var dimensions = root.Whole("dimensions"u8);
        var model = request.UpstreamModel.Contains('/', StringComparison.Ordinal) ? request.UpstreamModel : "models/" + request.UpstreamModel;
        json.WriteStartObject();
        json.WriteStartArray("requests"u8);
        foreach (var text in texts)
        {
            if (!text.IsText())
                throw RequestTranslation.CannotSay("Gemini reads texts, and not the tokens of other models.", "input");
            json.WriteStartObject();
            json.WriteString("model"u8, model);
            json.WriteStartObject("content"u8);
            json.WriteStartArray("parts"u8);
            json.WriteStartObject();
            json.WriteRaw("text"u8, text);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            if (dimensions is > 0)
                json.WriteNumber("outputDimensionality"u8, dimensions.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void TakeWhole(ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        if (!Json.TryParse(body.Span, out var document))
            throw new InvalidDataException("It is not JSON.");
        using (document)
        {
            if (document.RootElement.Member("embeddings"u8).ValueKind != JsonValueKind.Array)
                throw new InvalidDataException("It holds no embeddings.");
            Facts.InputTokens = document.RootElement.Member("usageMetadata"u8).Whole("promptTokenCount"u8);
            WriteReply(document.RootElement, output);
        }

        Facts.Finished = true;
    }

    public void TakeEvent(ReadOnlyMemory<byte> data, IBufferWriter<byte> output) => throw new InvalidDataException("Embeddings are not streamed.");

    public void End(IBufferWriter<byte> output)
    {
        // The whole is all there is.
    }

    void WriteReply(JsonElement root, IBufferWriter<byte> output)
    {
        var (asBase64, shortened) = Wishes();
        using var json = new Utf8JsonWriter(output, Json.Writing);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        var index = 0;
        foreach (var embedding in root.Items("embeddings"u8))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding"u8);
            json.WriteNumber("index"u8, index++);
            json.WritePropertyName("embedding"u8);
            WriteVector(json, Vector(embedding, shortened), asBase64);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model"u8, request.PublicModel);
        var tokens = Facts.InputTokens ?? request.Shape.EstimatedInputTokens;
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, tokens);
        json.WriteNumber("total_tokens"u8, tokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    (bool AsBase64, bool Shortened) Wishes()
    {
        using var document = JsonDocument.Parse(request.Body, Json.Reading);
        return (document.RootElement.Text("encoding_format"u8) == "base64", document.RootElement.Whole("dimensions"u8) is > 0);
    }

    static float[] Vector(JsonElement embedding, bool normalize)
    {
        var values = embedding.Items("values"u8).Select(value => value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) ? number : float.NaN).ToArray();
        if (!values.All(float.IsFinite))
            throw new InvalidDataException("It is not a vector of numbers.");
        var length = normalize ? MathF.Sqrt(values.Sum(value => value * value)) : 0;
        return length > 0 ? Array.ConvertAll(values, value => value / length) : values;
    }

    static void WriteVector(Utf8JsonWriter json, float[] vector, bool asBase64)
    {
        if (asBase64)
        {
            var bytes = new byte[vector.Length * sizeof(float)];
            for (var i = 0; i < vector.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
            json.WriteBase64StringValue(bytes);
            return;
        }

        json.WriteStartArray();
        foreach (var value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
