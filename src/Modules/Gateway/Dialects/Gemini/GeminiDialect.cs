using System.Net;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Dialects.Gemini;

/// <summary>
/// Google's Gemini API, below a base address such as <c>https://generativelanguage.googleapis.com/v1beta</c>.
/// Source: Gemini API reference, Generating content; Embeddings.
/// </summary>
internal sealed class GeminiDialect : IDialect
{
    public string Name => "gemini";

    public string ModelsPath => "models?pageSize=1000";

    public bool Speaks(Surface surface) => surface is Surface.ChatCompletions or Surface.Embeddings;

    public Result<UpstreamCall> Write(DialectRequest request)
    {
        var model = Resource(request.UpstreamModel);
        return request.Surface switch
        {
            Surface.ChatCompletions => RequestTranslation.Write(
                request, model + (request.Shape.Stream ? ":streamGenerateContent?alt=sse" : ":generateContent"), (root, json) => GeminiRequest.Write(root, request, json)),
            Surface.Embeddings => RequestTranslation.Write(request, model + ":batchEmbedContents", (root, json) => GeminiEmbeddings.Write(root, request, json)),
            _ => GatewayErrors.NotTranslatable($"Gemini has no endpoint for {request.Surface.Name()}.", null),
        };
    }

    public void Authorize(HttpRequestMessage message, string? apiKey)
    {
        if (apiKey is not null)
            message.Headers.TryAddWithoutValidation("x-goog-api-key", apiKey);
    }

    public IReplyTranslator? CreateTranslator(DialectRequest request)
        => request.Surface == Surface.Embeddings ? new GeminiEmbeddings(request) : new GeminiTranslator(request);

    public Fault ReadFault(HttpStatusCode status, ReadOnlySpan<byte> body, TimeSpan? retryAfter) => GeminiFaults.Read(status, body, retryAfter);

    /// <summary>The name goes into the path, and a caller may have typed it: it must not lead elsewhere.</summary>
    static string Resource(string model)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["models/", "tunedModels/"])
        {
            if (model.StartsWith(prefix, StringComparison.Ordinal))
                return prefix + Uri.EscapeDataString(model[prefix.Length..]);
        }

        return "models/" + Uri.EscapeDataString(model);
    }
}
