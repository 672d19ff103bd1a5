using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Voice.Speaking;

internal static class ListVoices
{
    /// <param name="Language">BCP 47, lower case.</param>
    /// <param name="Provider"><c>built-in</c> for the voices that need nothing else.</param>
    public sealed record Voice(string Id, string Name, string Language, string Provider);

    public sealed record Response(IReadOnlyList<Voice> Items);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/voices", Handle)
            .WithName("Voice_ListVoices")
            .WithSummary("Voices that can be chosen; the first of each language is Jean's own. Empty when no voice is available.")
            .WithExample(response: new Response(
                [new("espeak/en-us+f3", "Jean · American English", "en-us", "built-in"), new("espeak/ru+f3", "Jean · Русский", "ru", "built-in")]))
            .RequireAuthorization(Policies.SignedIn);

    static async Task<Ok<Response>> Handle(VoiceCatalogue voices, CancellationToken cancel)
    {
        try
        {
            var found = await voices.ListAsync(cancel);
            return TypedResults.Ok(new Response([.. found.Select(voice => new Voice(voice.Id, voice.Name, voice.Language, "built-in"))]));
        }
        catch (Exception error) when (error is WorkerUnavailableException or WorkerBusyException)
        {
            // /status says why.
            return TypedResults.Ok(new Response([]));
        }
    }
}
