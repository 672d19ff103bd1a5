using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using JeanTrail.Contracts.Accounts;
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
    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/speech", Handle)
            .WithName("Voice_StreamSpeech")
            .WithSummary("Says a text and streams the audio as it is made. Ending the request ends the synthesis.")
            .WithExample(CreatePerformance.Example)
            .Produces(StatusCodes.Status200OK, contentType: "audio/wav", additionalContentTypes: ["audio/ogg", "application/octet-stream"])
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Policies.SignedIn);

    static async Task<IResult> Handle(CreatePerformance.Request request, Caller caller, HttpContext http, Speaker speaker, Loudness loudness, OggEncoder ogg, IQuotas quotas, CancellationToken cancel)
    {
        // How long the stream will be nobody knows yet: one byte asks whether there is any left, and what was sent is counted after.
        if (await quotas.TryTakeAsync(session: null, caller.UserId, QuotaMeter.Bandwidth, 1, cancel) is { } exhausted)
            return exhausted.ToProblem();
        var sent = new CountedStream(http.Response.Body);
        try
        {
            return await StreamAsync(request, http, sent, speaker, loudness, ogg, cancel);
        }
        finally
        {
            if (sent.Written > 1)
                await quotas.CountAsync(session: null, caller.UserId, QuotaMeter.Bandwidth, sent.Written - 1, CancellationToken.None);
        }
    }

    static async Task<IResult> StreamAsync(
        CreatePerformance.Request request, HttpContext http, CountedStream body, Speaker speaker, Loudness loudness, OggEncoder ogg, CancellationToken cancel)
    {
        var speech = request.ToSpeech();
        try
        {
            var understood = await speaker.UnderstandAsync(speech, cancel);
            if (!understood.TryGet(out var utterance, out var refused))
                return refused.ToProblem();
            var pieces = Pieces(speaker, utterance, loudness.GainOf(utterance.Voice.Id), cancel).GetAsyncEnumerator(cancel);
            await using (pieces)
            {
                // The first piece decides between an answer and a problem; after it the status is sent.
                if (!await pieces.MoveNextAsync())
                    return VoiceErrors.TextEmpty.ToProblem();
                http.Response.ContentType = CreatePerformance.MimeType(speech.Format, utterance.SampleRate);
                http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
                if (speech.Format == AudioFormat.Ogg)
                    return await ogg.EncodeAsync(Rest(pieces), utterance.SampleRate, body, cancel) is { } failed ? Fail(http, failed) : TypedResults.Empty;
                if (speech.Format == AudioFormat.Wav)
                    await body.WriteAsync(WavHeader.For(utterance.SampleRate, null), cancel);
                await foreach (var piece in Rest(pieces))
                {
                    await body.WriteAsync(piece, cancel);
                    await body.FlushAsync(cancel);
                }
                return TypedResults.Empty;
            }
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

    static async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(Speaker speaker, Utterance utterance, double gain, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var part in speaker.SpeakAsync(utterance, cancel))
        {
            if (part.Samples.IsEmpty)
                continue;
            var samples = Speaker.AsSamples(part.Samples).ToArray();
            Loudness.Apply(samples, gain);
            yield return MemoryMarshal.AsBytes<short>(samples).ToArray();
        }
    }
}
