using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Local;

/// <summary>Takes what goes to <c>local://</c> to the engine in place of a network, so that all else about a call stays as it is.</summary>
internal sealed class LocalTransport(ILocalEngine engine, ILocalSpeech speech, ILocalSpeakers speakers) : HttpMessageHandler
{
    readonly LocalAudio audio = new(speech, speakers);

    static readonly Error NoSuchPath = new("models.unknown", 404, "Local models have nothing at this address.");

    /// <exception cref="LocalModelException">The model has not begun to answer.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath.TrimStart('/');
        if (request.Method == HttpMethod.Get && path == "models")
            return Answer(new ByteArrayContent(await ListAsync(cancellationToken)), "application/json");
        if (path is "audio/speech" or "audio/transcriptions")
        {
            var content = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            var (spoken, type) = path == "audio/speech" ? audio.Speak(content, cancellationToken) : await audio.TranscribeAsync(content, cancellationToken);
            return await AnswerAsync(spoken, events: false, type, cancellationToken);
        }

        LocalOperation operation = path switch
        {
            "chat/completions" => LocalOperation.Chat,
            "embeddings" => LocalOperation.Embeddings,
            "rerank" => LocalOperation.Rerank,
            _ => throw new LocalModelException(NoSuchPath),
        };
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var (model, stream) = Read(body);
        return await AnswerAsync(
            engine.AskAsync(model, operation, body, cancellationToken), events: stream, stream ? "text/event-stream" : "application/json", cancellationToken);
    }

    /// <param name="cancel">The call's: it ends the answer, too, and not only the way to its beginning.</param>
    static async Task<HttpResponseMessage> AnswerAsync(IAsyncEnumerable<LocalPiece> pieces, bool events, string type, CancellationToken cancel)
    {
        var reply = new LocalReplyStream(pieces.GetAsyncEnumerator(cancel), events);
        try
        {
            await reply.BeginAsync();
            return Answer(new LocalContent(reply), type);
        }
        catch
        {
            await reply.DisposeAsync();
            throw;
        }
    }

    async Task<byte[]> ListAsync(CancellationToken cancel)
        => JsonSerializer.SerializeToUtf8Bytes(new
        {
            data = (await engine.ListAsync(cancel)).Select(model => model.Name).Concat((await speech.ListAsync(cancel)).Where(model => model.Purpose is SpeechPurpose.Recogniser or SpeechPurpose.Voice).Select(model => model.Name)).Select(name => new { id = name }),
        });

    /// <summary>The request is JSON that was read before; its own word on these two is the last.</summary>
    static (string Model, bool Stream) Read(ReadOnlySpan<byte> body)
    {
        var (model, stream) = ("", false);
        var json = new Utf8JsonReader(body);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isModel, isStream) = (json.ValueTextEquals("model"u8), json.ValueTextEquals("stream"u8));
            json.Read();
            if (isModel)
                model = json.GetString() ?? "";
            else if (isStream)
                stream = json.TokenType == JsonTokenType.True;
            else
                json.Skip();
        }

        return (model, stream);
    }

    static HttpResponseMessage Answer(HttpContent content, string type)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    /// <summary>Hands its stream out as it is: each read is the reader asking the model for more.</summary>
    sealed class LocalContent(LocalReplyStream reply) : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(reply);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => reply.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                reply.Dispose();
            base.Dispose(disposing);
        }
    }
}
