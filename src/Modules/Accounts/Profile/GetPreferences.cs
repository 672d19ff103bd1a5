using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Profile;

internal static class GetPreferences
{
    internal static readonly Preferences Example = new("en", "dark", VoiceId: "espeak/en-us+f3", SpeechRate: 1.1, TimeZone: "Europe/Riga");

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/preferences", Handle)
            .WithName("Accounts_GetPreferences")
            .WithSummary("What the person set for themselves.")
            .WithExample(response: Example)
            .RequireAuthorization(Policies.SignedIn)
            .OpenToKeys(ApiScopes.AccountRead);

    static async Task<Ok<Preferences>> Handle(Caller caller, IPreferences preferences, CancellationToken cancel)
        => TypedResults.Ok(await preferences.GetAsync(caller.UserId, cancel));
}
