using JeanTrail.Agents.Recognition;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Agents.Skills;

internal static class ListSkills
{
    /// <param name="Kind"><c>task</c>, or <c>small-talk</c>: a greeting, thanks and the like.</param>
    /// <param name="Examples">Sentences that ask for it.</param>
    public sealed record Skill(string Id, SkillKind Kind, string Name, string Summary, IReadOnlyList<string> Examples);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/skills", Handle)
            .WithName("Agents_ListSkills")
            .WithSummary("Lists what Jean can do without a model, in one of en, ar, vi, ru.")
            .WithExample(response: Page.Whole<Skill>(
            [
                new("reminder-set", SkillKind.Task, "Reminders and timers", "Reminds you at a time, after a while or on a day.", ["Remind me tomorrow at 5pm to call mum"]),
            ]))
            .RequireAuthorization(Policies.SignedIn);

    static Ok<Page<Skill>> Handle(IEnumerable<ISkill> skills, string? language = null)
    {
        var tongue = Tongues.From(language);
        return TypedResults.Ok(Page.Whole<Skill>([.. skills.Select(skill => Describe(skill, Phrasebook.Shared[tongue, skill.Id]))]));

        static Skill Describe(ISkill skill, SkillWords words) => new(skill.Id, skill.Kind, words.Name, words.Summary, words.Examples);
    }
}
