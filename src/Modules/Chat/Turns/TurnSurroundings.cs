using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Turns;

/// <summary>What a turn is answered with where its request does not say.</summary>
internal sealed class TurnSurroundings(IPreferences preferences, IModelGateway gateway)
{
    /// <summary>Known before the turn is written down, so that every reader of it, here and on other nodes, is told who answers.</summary>
    public async Task<(string Language, string? TimeZone, string UsualModel, bool SkillsFirst)> OfAsync(
        UserId person, string? language, string? timeZone, CancellationToken cancel)
    {
        var known = await preferences.GetAsync(person, cancel);
        return (language ?? known.Locale ?? "en", timeZone ?? known.TimeZone, await gateway.DefaultModelAsync(person, cancel), known.SkillsFirst);
    }
}
