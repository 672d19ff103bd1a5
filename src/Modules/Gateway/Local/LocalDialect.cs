using System.Net;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.OpenAi;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Local;

/// <summary>The models on this machine speak OpenAI's language, as far as they go.</summary>
internal sealed class LocalDialect : IDialect
{
    internal const string Kind = "local";

    readonly OpenAiDialect openAi = new();

    public string Name => Kind;

    public string ModelsPath => openAi.ModelsPath;

    /// <summary>A large model is loaded first, and answers slowly without a graphics card; the engine itself watches that it goes on.</summary>
    public TimeSpan? Patience => TimeSpan.FromHours(1);

    public bool Speaks(Surface surface) => surface is Surface.ChatCompletions or Surface.Embeddings or Surface.Rerank or Surface.Speech or Surface.Transcriptions;

    public Result<UpstreamCall> Write(DialectRequest request)
        => Speaks(request.Surface) ? openAi.Write(request) : GatewayErrors.NotTranslatable("Local models chat, make embeddings, rerank, speak and transcribe.", "model");

    public void Authorize(HttpRequestMessage message, string? apiKey)
    {
        // There is nobody to be let in by.
    }

    public IReplyTranslator? CreateTranslator(DialectRequest request) => null;

    public Fault ReadFault(HttpStatusCode status, ReadOnlySpan<byte> body, TimeSpan? retryAfter) => openAi.ReadFault(status, body, retryAfter);
}
