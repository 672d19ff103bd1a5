using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Voice.Speaking;

internal static class CreatePerformance
{
    /// <param name="Text">What to say; Markdown, addresses and emoji are passed over.</param>
    /// <param name="Language">BCP 47; null lets the text tell.</param>
    /// <param name="VoiceId">One of <c>/voices</c>; null is Jean's own.</param>
    /// <param name="Rate">1 is normal.</param>
    /// <param name="Pitch">1 is normal.</param>
    /// <param name="LocalVoice">A voice of <c>/local</c> that reads in place of the built-in one, as far as it can.</param>
    public sealed record Request(
        [Required, StringLength(2000, MinimumLength = 1)] string Text,
        [StringLength(35, MinimumLength = 2)] string? Language = null,
        [StringLength(100)] string? VoiceId = null,
        [Range(0.5, 2.0)] double Rate = 1,
        [Range(0.0, 2.0)] double Pitch = 1,
        [AllowedValues("wav", "ogg", "pcm")] string Format = "wav",
        [StringLength(60)] string? LocalVoice = null)
    {
        internal SpeechRequest ToSpeech() => new(Text, Language, VoiceId, Rate, Pitch, Format switch
        {
            "ogg" => AudioFormat.Ogg,
            "pcm" => AudioFormat.Pcm,
            _ => AudioFormat.Wav,
        }, LocalVoice);
    }

    /// <param name="Audio">Base64.</param>
    /// <param name="Visemes">Without gaps, from 0 to the end.</param>
    /// <param name="Words">Offsets are UTF-16 in the text of the request.</param>
    /// <param name="FallbackCode">Why the wished local voice did not read this, such as <c>models.unknown</c>; null when nothing went wrong.</param>
    public sealed record Response(
        int DurationMs,
        int SampleRate,
        string Format,
        string MimeType,
        ReadOnlyMemory<byte> Audio,
        IReadOnlyList<TimedViseme> Visemes,
        IReadOnlyList<TimedWord> Words,
        IReadOnlyList<TimedExpression> Expressions,
        string? FallbackCode = null);

    internal static readonly Request Example = new("Ahoy, Olga!", "en", "espeak/en-us+f3");

    // The header alone stands for the audio.
    static readonly Response ExampleAnswer = new(
        960, 22050, "wav", "audio/wav", WavHeader.For(22050, 0),
        [new(0, 130, "aa", 0.9), new(130, 150, "O", 0.8), new(280, 110, "I", 0.7), new(390, 90, "sil", 0), new(480, 140, "O", 0.9), new(620, 160, "nn", 0.6), new(780, 180, "aa", 0.8)],
        [new(0, 0, 4), new(480, 6, 4)], [new(0, "happy", 0.6)]);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/performances", Handle)
            .WithName("Voice_CreatePerformance")
            .WithSummary("Says a text: audio with the visemes, words and expressions that go with it. Ending the request ends the synthesis.")
            .WithExample(Example, ExampleAnswer)
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Request request, Caller caller, ISpeech speech, IQuotas quotas, CancellationToken cancel)
    {
        var result = await speech.PerformAsync(request.ToSpeech(), cancel);
        if (!result.TryGet(out var made, out var error))
            return error.ToProblem();
        if (await quotas.TryTakeAsync(session: null, caller.UserId, QuotaMeter.Bandwidth, made.Audio.Length, cancel) is { } exhausted)
            return exhausted.ToProblem();
        return TypedResults.Ok(new Response(
            made.DurationMs, made.SampleRate, request.Format, MimeType(made.Format, made.SampleRate), made.Audio, made.Visemes, made.Words, made.Expressions, made.FallbackCode));
    }

    /// <summary>Source for PCM: RFC 2586 (there big-endian; here as browsers' decoders are told, with the rate).</summary>
    internal static string MimeType(AudioFormat format, int sampleRate) => format switch
    {
        AudioFormat.Wav => "audio/wav",
        AudioFormat.Ogg => "audio/ogg; codecs=opus",
        _ => $"application/octet-stream; rate={sampleRate}; bits=16; channels=1",
    };
}
