using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Hearing;

internal static class TranscribeRecording
{
    /// <summary>One second: the recogniser begins while the rest is still on its way.</summary>
    const int PieceBytes = HeardSamples.BytesPerSecond;

    /// <param name="Text">All of it; empty when no speech was heard.</param>
    /// <param name="DurationMs">Of the recording.</param>
    public sealed record Response(string Text, int DurationMs, IReadOnlyList<Segment> Segments);

    /// <summary>What was said in a stretch of speech.</summary>
    public sealed record Segment(int AtMs, int DurationMs, string Text);

    internal static void Map(RouteGroupBuilder routes)
    {
        var most = ((IEndpointRouteBuilder)routes).ServiceProvider.GetRequiredService<IOptions<VoiceOptions>>().Value.LongestDictation;
        // What is too long is met first by what reads it, which answers with a problem; the web server could only close the connection.
        routes.MapPost("/transcriptions", Handle)
            .WithName("Voice_Transcribe")
            .WithSummary("Writes down a recording with a recogniser of this server. The body is 16-bit little-endian mono samples at 16 kHz without a header; nothing of it is kept.")
            .Accepts<Stream>("application/octet-stream")
            .WithBodyLimit(MostBytes(most) + 2 * PieceBytes)
            .WithExample(response: new Response("Remind me to water the plants.", 2400, [new(180, 1960, "Remind me to water the plants.")]))
            .RequireAuthorization(Policies.SignedIn);
    }

    internal static long MostBytes(TimeSpan time) => (long)(time.TotalSeconds * HeardSamples.Rate) * sizeof(short);

    /// <param name="recogniser">One of <c>/local</c>.</param>
    /// <param name="denoise">Whether noise is taken away before, where <c>/local</c> says that it can be.</param>
    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        [Required, StringLength(60, MinimumLength = 1)] string recogniser, Caller caller, HttpContext http, Ears ears, HearingPlaces places, IQuotas quotas,
        IOptions<VoiceOptions> options, CancellationToken cancel, bool denoise = false)
    {
        var most = options.Value.LongestDictation;
        var mostBytes = MostBytes(most);
        if (http.Request.ContentLength > mostBytes)
            return VoiceErrors.RecordingTooLong(most).ToProblem();
        if (http.Request.ContentLength is { } told && told % sizeof(short) != 0)
            return VoiceErrors.RecordingInvalid.ToProblem();
        using var place = places.TryTake(caller.UserId, Hearing.Dictation, options.Value.DictationsAtOnce);
        if (place is null)
            return VoiceErrors.RecordingBusy.ToProblem();
        // As of a stream that is sent: one byte asks whether there is any left, and what was heard is counted after.
        if (await quotas.TryTakeAsync(session: null, caller.UserId, QuotaMeter.Bandwidth, 1, cancel) is { } exhausted)
            return exhausted.ToProblem();
        var recording = new Recording(http.Request.Body, mostBytes);
        try
        {
            var segments = new List<Segment>();
            await foreach (var said in ears.TranscribeAsync(recogniser, recording.PiecesAsync(cancel), denoise, cancel))
            {
                if (said.Text.Trim() is { Length: > 0 } text)
                    segments.Add(new Segment((int)said.Start.TotalMilliseconds, (int)(said.End - said.Start).TotalMilliseconds, text));
            }

            // The recogniser needs no last piece to be done, and must not be told half a sample.
            if (recording.Refused is { } refused)
                return (refused == Refusal.TooLong ? VoiceErrors.RecordingTooLong(most) : VoiceErrors.RecordingInvalid).ToProblem();
            return TypedResults.Ok(new Response(string.Join(' ', segments.Select(one => one.Text)), (int)(recording.Bytes * 1000 / HeardSamples.BytesPerSecond), segments));
        }
        catch (LocalModelException failure)
        {
            return failure.Error.ToProblem();
        }
        finally
        {
            if (recording.Bytes > 1)
                await quotas.CountAsync(session: null, caller.UserId, QuotaMeter.Bandwidth, recording.Bytes - 1, CancellationToken.None);
        }
    }

    enum Refusal
    {
        TooLong,
        HalfASample,
    }

    /// <summary>The body in whole samples. What it should not be ends it, and is kept to be answered: an exception would be taken for the recogniser's.</summary>
    sealed class Recording(Stream body, long mostBytes)
    {
        internal long Bytes { get; private set; }

        internal Refusal? Refused { get; private set; }

        internal async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            while (true)
            {
                var piece = new byte[PieceBytes];
                var read = await ReadAsync(piece, cancel);
                Bytes += read;
                if (Bytes > mostBytes)
                    Refused = Refusal.TooLong;
                else if (read % sizeof(short) != 0)
                    Refused = Refusal.HalfASample;
                if (read == 0 || Refused is not null)
                    yield break;
                yield return piece.AsMemory(0, read);
            }
        }

        async Task<int> ReadAsync(byte[] piece, CancellationToken cancel)
        {
            try
            {
                return await body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancel);
            }
            catch (BadHttpRequestException tooLong) when (tooLong.StatusCode == StatusCodes.Status413PayloadTooLarge)
            {
                Refused = Refusal.TooLong;
                return 0;
            }
        }
    }
}
