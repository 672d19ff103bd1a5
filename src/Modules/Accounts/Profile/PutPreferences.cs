using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.Profile;

internal static class PutPreferences
{
    /// <param name="Locale">Null follows the browser.</param>
    /// <param name="SpeechRate">1 is normal.</param>
    /// <param name="TimeZone">IANA zone; null follows the browser.</param>
    /// <param name="LocalVoice">Voice model of the server; null reads with the built-in voice.</param>
    /// <param name="Hearing"><c>browser</c>, or <c>local/</c> and a recogniser of the server; null hears nothing.</param>
    /// <param name="RecordingsModel">The connected model that may be sent recordings to write them down where the server has no recogniser; null keeps them here.</param>
    public sealed record Request(
        [AllowedValues(null, "en", "ar", "vi", "ru")] string? Locale = null,
        [Required, AllowedValues("system", "light", "dark")] string Theme = "system",
        [Required, AllowedValues("comfortable", "compact")] string Density = "comfortable",
        bool SpeakReplies = true,
        [StringLength(100)] string? VoiceId = null,
        [Range(0.5, 2.0)] double SpeechRate = 1,
        bool ShowAvatar = true,
        bool SkillsFirst = true,
        [StringLength(60)] string? TimeZone = null,
        [StringLength(60)] string? LocalVoice = null,
        [RegularExpression("browser|local/[a-z0-9][a-z0-9.-]{0,59}")] string? Hearing = null,
        [StringLength(300, MinimumLength = 1)] string? RecordingsModel = null);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/preferences", Handle)
            .WithName("Accounts_PutPreferences")
            .WithSummary("Replaces what the person set for themselves.")
            .WithExample(new Request("en", "dark", VoiceId: "espeak/en-us+f3", SpeechRate: 1.1, TimeZone: "Europe/Riga"), GetPreferences.Example)
            .RequireAuthorization(Policies.SignedIn)
            .OpenToKeys(ApiScopes.AccountWrite);

    static async Task<Results<Ok<Preferences>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, PreferenceStore store, TimeProvider clock, CancellationToken cancel)
    {
        if (request.TimeZone is { } zone && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return AccountsErrors.Invalid("accounts.time_zone_unknown", "timeZone", "This is not the name of a time zone, such as Asia/Ho_Chi_Minh.").ToProblem();
        var preferences = new Preferences(
            request.Locale, request.Theme, request.Density, request.SpeakReplies, request.VoiceId, request.SpeechRate, request.ShowAvatar, request.SkillsFirst, request.TimeZone,
            request.LocalVoice, request.Hearing, request.RecordingsModel);
        await PreferenceStore.SaveAsync(db, caller.UserId, preferences, clock.GetUtcNow(), cancel);
        await store.InvalidateAsync(caller.UserId, cancel);
        return TypedResults.Ok(preferences);
    }
}
