using System.Net;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>
/// Anthropic's Messages API, below a base address such as <c>https://api.anthropic.com/v1</c>. Source: Anthropic API reference, Messages.
/// </summary>
internal sealed class AnthropicDialect : IDialect
{
    const string Version = "2023-06-01";

    public string Name => "anthropic";

    public string ModelsPath => "models?limit=1000";

    public bool Speaks(Surface surface) => surface == Surface.ChatCompletions;

    public Result<UpstreamCall> Write(DialectRequest request)
    {
        if (!Speaks(request.Surface))
            return GatewayErrors.NotTranslatable($"Anthropic has no endpoint for {request.Surface.Name()}.", null);
        if (request.Shape.Choices > 1)
            return GatewayErrors.NotTranslatable("Anthropic gives one answer at a time.", "n");
        return RequestTranslation.Write(request, "messages", (root, json) => AnthropicRequest.Write(root, request, json));
    }

    public void Authorize(HttpRequestMessage message, string? apiKey)
    {
        message.Headers.TryAddWithoutValidation("anthropic-version", Version);
        if (apiKey is not null)
            message.Headers.TryAddWithoutValidation("x-api-key", apiKey);
    }

    public IReplyTranslator? CreateTranslator(DialectRequest request) => new AnthropicTranslator(request);

    public Fault ReadFault(HttpStatusCode status, ReadOnlySpan<byte> body, TimeSpan? retryAfter) => AnthropicFaults.Read(status, body, retryAfter);
}
