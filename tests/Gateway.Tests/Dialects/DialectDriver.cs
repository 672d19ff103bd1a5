using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Dialects;
using JeanTrail.Gateway.Dialects.OpenAi;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Upstream;

namespace JeanTrail.Gateway.Tests.Dialects;

/// <summary>Puts a request through a dialect to a real server and back, with none of what stands around it in the gateway.</summary>
sealed class DialectDriver(IDialect dialect, Uri baseUrl, string? apiKey) : IDisposable
{
    internal const string PublicModel = "house/model";

    static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    readonly HttpClient http = new();

    internal static DialectRequest Request(string body, string upstreamModel, Surface surface = Surface.ChatCompletions, bool? askUsage = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var shape = RequestShape.Read(bytes).Value;
        return new DialectRequest(surface, bytes, shape, upstreamModel, PublicModel, askUsage ?? shape.AsksUsage, Now);
    }

    internal Task<DialectReply> SendAsync(JsonObject body, string model)
    {
        body["model"] = PublicModel;
        return SendAsync(Request(body.ToJsonString(), model));
    }

    internal async Task<DialectReply> SendAsync(DialectRequest request)
    {
        var written = dialect.Write(request);
        if (!written.TryGet(out var call, out var refused))
            return new DialectReply { Refused = refused };
        using var message = Message(call);
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
        {
            var body = await response.Content.ReadAsByteArrayAsync();
            return new DialectReply { Fault = dialect.ReadFault(response.StatusCode, body, response.Headers.RetryAfter?.Delta) };
        }

        var translator = dialect.CreateTranslator(request);
        var reply = new DialectReply { Facts = translator?.Facts };
        try
        {
            if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
                await ReadStreamAsync(response, translator, reply);
            else
                ReadWhole(await response.Content.ReadAsByteArrayAsync(), translator, reply);
        }
        catch (Exception failure) when (failure is InvalidDataException or ModelCallException or IOException or HttpRequestException or JsonException)
        {
            reply.Failure = failure;
        }

        return reply;
    }

    public void Dispose() => http.Dispose();

    HttpRequestMessage Message(UpstreamCall call)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, $"{baseUrl}/{call.Path}") { Content = new ReadOnlyMemoryContent(call.Body) };
        message.Content.Headers.ContentType = new(call.ContentType);
        dialect.Authorize(message, apiKey);
        return message;
    }

    static void ReadWhole(byte[] body, IReplyTranslator? translator, DialectReply reply)
    {
        if (translator is null)
        {
            reply.TakeWhole(Encoding.UTF8.GetString(body));
            return;
        }

        var output = new ArrayBufferWriter<byte>();
        translator.TakeWhole(body, output);
        translator.Facts.Finished.ShouldBeTrue();
        reply.TakeWhole(Encoding.UTF8.GetString(output.WrittenSpan));
        reply.Events[0].GetProperty("model").GetString().ShouldBe(PublicModel);
    }

    static async Task ReadStreamAsync(HttpResponseMessage response, IReplyTranslator? translator, DialectReply reply)
    {
        await using var stream = await response.Content.ReadAsStreamAsync();
        using var events = new SseReader(stream);
        var output = new ArrayBufferWriter<byte>();
        while (await events.ReadAsync(CancellationToken.None) is { } data)
        {
            if (translator is null)
                TakeUntranslated(Encoding.UTF8.GetString(data.Span), reply);
            else
                translator.TakeEvent(data, output);
            Flush(output, reply);
        }

        translator?.End(output);
        Flush(output, reply);
        // What tells a cut from an end, and is the exchange's to say.
        if (!reply.Done)
            throw new IOException("The stream was cut.");
    }

    static void Flush(ArrayBufferWriter<byte> output, DialectReply reply)
    {
        reply.TakeStream(Encoding.UTF8.GetString(output.WrittenSpan));
        output.ResetWrittenCount();
    }

    static void TakeUntranslated(string data, DialectReply reply)
    {
        if (data != "[DONE]" && JsonDocument.Parse(data).RootElement.TryGetProperty("error", out var error))
            throw OpenAiFaults.OfChunk(Encoding.UTF8.GetBytes(error.GetRawText())).ToException();
        reply.Take(data);
    }
}
