using System.Net;
using System.Net.Http.Headers;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Dialects.OpenAi;

/// <summary>
/// The gateway's own language: OpenAI's API and the many servers that speak it. Requests go out as the bytes that came, with the model's name
/// replaced; replies come back untouched. Source: OpenAI API reference.
/// </summary>
internal sealed class OpenAiDialect : IDialect
{
    internal const string Kind = "openai";

    public string Name => Kind;

    public string ModelsPath => "models";

    public bool Speaks(Surface surface) => true;

    public Result<UpstreamCall> Write(DialectRequest request)
    {
        var body = request.Body.Span;
        var (shape, surface) = (request.Shape, request.Surface);
        // Whoever read the form writes its boundary.
        return surface.IsForm()
            ? new UpstreamCall(surface.Path(), FormShape.Write(body, shape, request.UpstreamModel), "multipart/form-data")
            : new UpstreamCall(surface.Path(), RequestSplice.Write(body, shape, request.UpstreamModel, request.AskUsage && surface == Surface.ChatCompletions, request.Thinking));
    }

    public void Authorize(HttpRequestMessage message, string? apiKey)
    {
        if (apiKey is not null)
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public IReplyTranslator? CreateTranslator(DialectRequest request) => null;

    public Fault ReadFault(HttpStatusCode status, ReadOnlySpan<byte> body, TimeSpan? retryAfter) => OpenAiFaults.Read(status, body, retryAfter);
}
