using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Voice.Audio;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Voice.Speaking;

internal static class StreamSpeech
{
    /// <summary>Says why the wished local voice did not read.</summary>
    const string FallbackHeader = "Voice-Fallback";

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/speech", Handle)
            .WithName("Voice_StreamSpeech")
            .WithSummary("Says a text and streams the audio as it is made. Ending the request ends the synthesis.")
            .WithExample(CreatePerformance.Example)
            .Produces(StatusCodes.Status200OK, contentType: "audio/wav", additionalContentTypes: ["audio/ogg", "application/octet-stream"])
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Policies.SignedIn);

    static async Task<IResult> Handle(CreatePerformance.Request request, Caller caller, HttpContext http, SpeechStreams streams, OggEncoder ogg, IQuotas quotas, CancellationToken cancel)
    {
        // How long the stream will be nobody knows yet: one byte asks whether there is any left, and what was sent is counted after.
        if (await quotas.TryTakeAsync(session: null, caller.UserId, QuotaMeter.Bandwidth, 1, cancel) is { } exhausted)
            return exhausted.ToProblem();
        var sent = new CountedStream(http.Response.Body);
        try
        {
            return await StreamAsync(request, http, sent, streams, ogg, cancel);
        }
        finally
        {
            if (sent.Written > 1)
                await quotas.CountAsync(session: null, caller.UserId, QuotaMeter.Bandwidth, sent.Written - 1, CancellationToken.None);
        }
    }

    static async Task<IResult> StreamAsync(
        CreatePerformance.Request request, HttpContext http, CountedStream body, SpeechStreams streams, OggEncoder ogg, CancellationToken cancel)
    {
        var speech = request.ToSpeech();
        try
        {
            // The first piece decides between an answer and a problem; after it the status is sent.
            if (!(await streams.OpenAsync(speech, cancel)).TryGet(out var stream, out var refused))
                return refused.ToProblem();
            await using (stream)
            {
                http.Response.ContentType = CreatePerformance.MimeType(speech.Format, stream.SampleRate);
                if (stream.FallbackCode is { } why)
                    http.Response.Headers[FallbackHeader] = why;
                http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
                if (speech.Format == AudioFormat.Ogg)
                    return await ogg.EncodeAsync(Rest(stream.Pieces), stream.SampleRate, body, cancel) is { } failed ? Fail(http, failed) : TypedResults.Empty;
                if (speech.Format == AudioFormat.Wav)
                    await body.WriteAsync(WavHeader.For(stream.SampleRate, null), cancel);
                await foreach (var piece in Rest(stream.Pieces))
                {
                    await body.WriteAsync(piece, cancel);
                    await body.FlushAsync(cancel);
                }
                return TypedResults.Empty;
            }
        }
        catch (LocalModelException failure)
        {
            return Fail(http, failure.Error);
        }
        catch (Exception exception) when (Speaker.Explain(exception) is { } expected)
        {
            return Fail(http, expected);
        }
    }

    /// <summary>A problem while that can still be said; later a cut connection, which no player takes for the end.</summary>
    static IResult Fail(HttpContext http, Error error)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = null;
            return error.ToProblem();
        }
        http.Abort();
        return TypedResults.Empty;
    }

    static async IAsyncEnumerable<ReadOnlyMemory<byte>> Rest(IAsyncEnumerator<ReadOnlyMemory<byte>> pieces)
    {
        do
            yield return pieces.Current;
        while (await pieces.MoveNextAsync());
    }
}
