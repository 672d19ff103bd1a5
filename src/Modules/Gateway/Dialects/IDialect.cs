using System.Buffers;
using System.Net;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Dialects;

/// <summary>
/// How one kind of upstream speaks. The gateway's own language is OpenAI's: a dialect turns a request in it into the upstream's, and the
/// upstream's reply back. Without state: one instance serves all calls.
/// </summary>
internal interface IDialect
{
    /// <summary>The kind of a provider: <c>openai anthropic gemini</c> as stored, <c>local</c> for this machine.</summary>
    string Name { get; }

    /// <summary>Where the models are listed, below the base address, all on one page.</summary>
    string ModelsPath { get; }

    /// <summary>How long such an upstream may take to begin; null for the server's own word on it.</summary>
    TimeSpan? Patience => null;

    /// <summary>Whether requests of this surface can be put to such an upstream at all.</summary>
    bool Speaks(Surface surface);

    /// <summary>
    /// The request as the upstream wants it. Error: <c>gateway.not_translatable</c> (400), which names what the upstream has no word for; a
    /// parameter that only tunes (a penalty, a seed) is left out instead.
    /// </summary>
    Result<UpstreamCall> Write(DialectRequest request);

    /// <summary>Puts the provider's key, and what else the upstream wants to know of its caller, into the headers.</summary>
    void Authorize(HttpRequestMessage message, string? apiKey);

    /// <summary>Makes the translator of one reply; null when replies of this surface go to the client byte for byte.</summary>
    IReplyTranslator? CreateTranslator(DialectRequest request);

    /// <summary>What a failed answer means.</summary>
    /// <param name="body">At most its first 64 kB.</param>
    Fault ReadFault(HttpStatusCode status, ReadOnlySpan<byte> body, TimeSpan? retryAfter);
}

/// <param name="Body">The request as it came: JSON in the shape of <paramref name="Surface"/>, checked to be an object.</param>
/// <param name="UpstreamModel">The model's name at the provider.</param>
/// <param name="PublicModel">The name the caller used, which translated replies carry.</param>
/// <param name="AskUsage">Whether a stream is to end with token counts for the gateway.</param>
/// <param name="Now">For replies that must say when they were made.</param>
internal sealed record DialectRequest(
    Surface Surface, ReadOnlyMemory<byte> Body, RequestShape Shape, string UpstreamModel, string PublicModel, bool AskUsage, DateTimeOffset Now)
{
    /// <summary>The route's word on the model's thinking, over the request's; null leaves it to the request.</summary>
    internal bool? Thinking { get; init; }
}

/// <param name="Path">Below the provider's base address; may hold a query.</param>
internal sealed record UpstreamCall(string Path, ReadOnlyMemory<byte> Body, string ContentType = "application/json");

/// <summary>
/// Turns one upstream reply into OpenAI's. For a stream it writes whole server-sent events (<c>data: {…}\n\n</c>) of chat completion chunks;
/// the last ones, written by <see cref="End"/>, are the finish reason, the token counts where the client asked for them
/// (<see cref="RequestShape.AsksUsage"/>), and <c>[DONE]</c>.
/// </summary>
internal interface IReplyTranslator
{
    ReplyFacts Facts { get; }

    /// <summary>A reply that was not streamed.</summary>
    /// <exception cref="InvalidDataException">It cannot be understood.</exception>
    void TakeWhole(ReadOnlyMemory<byte> body, IBufferWriter<byte> output);

    /// <summary>The data of one event. May write nothing.</summary>
    /// <exception cref="InvalidDataException">It cannot be understood.</exception>
    /// <exception cref="Contracts.Gateway.ModelCallException">The upstream reports a failure.</exception>
    void TakeEvent(ReadOnlyMemory<byte> data, IBufferWriter<byte> output);

    /// <summary>The upstream's stream is over; <see cref="ReplyFacts.Finished"/> says whether properly.</summary>
    void End(IBufferWriter<byte> output);
}
