using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Speaking;

internal static class ListLocalSpeech
{
    /// <param name="Language">BCP 47 primary subtag of the only language it reads; null where it does not say.</param>
    public sealed record Voice(string Name, string Kind, string? Language);

    /// <param name="Streams">Whether it writes while one speaks, by a WebSocket to <c>/dictations</c>.</param>
    public sealed record Recogniser(string Name, string Kind, bool Streams);

    public sealed record Spotter(string Name);

    /// <param name="Spotters">What hears that Jean is called, by a WebSocket to <c>/wake</c>.</param>
    /// <param name="LongestSeconds">Of a recording that is written down at once.</param>
    /// <param name="Denoises">Whether noise can be taken from what is dictated.</param>
    public sealed record Response(IReadOnlyList<Voice> Voices, IReadOnlyList<Recogniser> Recognisers, int LongestSeconds, bool Denoises, IReadOnlyList<Spotter> Spotters);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/local", Handle)
            .WithName("Voice_ListLocal")
            .WithSummary("Speech models of this server that can speak and listen in place of the built-in voice and the browser.")
            .WithExample(response: new Response([new("piper-amy", "vits", "en")], [new("whisper-tiny", "whisper", Streams: false)], 300, Denoises: true, [new("kws-gigaspeech")]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Response>> Handle(ILocalSpeech speech, ILocalDenoiser denoiser, IOptions<VoiceOptions> options, CancellationToken cancel)
    {
        var models = await speech.ListAsync(cancel);
        return TypedResults.Ok(new Response(
            [.. models.Where(model => model.Purpose == SpeechPurpose.Voice).Select(model => new Voice(model.Name, model.Kind, model.Language))],
            [.. models.Where(model => model.Purpose == SpeechPurpose.Recogniser).Select(model => new Recogniser(model.Name, model.Kind, model.Streams))],
            (int)options.Value.LongestDictation.TotalSeconds,
            await denoiser.IsThereAsync(cancel),
            [.. models.Where(model => model.Purpose == SpeechPurpose.Spotter).Select(model => new Spotter(model.Name))]));
    }
}
