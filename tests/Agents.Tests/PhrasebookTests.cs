using System.Text.RegularExpressions;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;
using JeanTrail.Agents.Time;
using JeanTrail.Agents.Units;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Agents.Tests;

public sealed partial class PhrasebookTests(AgentsFixture agents) : IClassFixture<AgentsFixture>
{
    [GeneratedRegex(@"\{\d\}", RegexOptions.None, 1000)]
    private static partial Regex Blank();

    string[] SkillIds => [.. agents.Services.GetServices<ISkill>().Select(skill => skill.Id)];

    [Fact]
    public void Each_skill_can_introduce_itself_in_each_language()
    {
        foreach (var tongue in Tongues.All)
        {
            foreach (var id in SkillIds)
            {
                var words = Phrasebook.Shared[tongue, id];
                words.Name.ShouldNotBeEmpty($"{id} in {tongue}");
                words.Summary.ShouldNotBeEmpty($"{id} in {tongue}");
                words.Examples.ShouldNotBeEmpty($"{id} in {tongue}");
                words.Phrases.ShouldNotBeEmpty($"{id} in {tongue}");
            }
        }
    }

    [Fact]
    public void The_languages_say_the_same_things_with_the_same_blanks()
    {
        foreach (var id in SkillIds)
        {
            var english = Phrasebook.Shared[Tongue.En, id].Sayings;
            foreach (var tongue in Tongues.All)
            {
                var sayings = Phrasebook.Shared[tongue, id].Sayings;
                sayings.Keys.Order().ShouldBe(english.Keys.Order(), $"{id} in {tongue}");
                foreach (var (key, saying) in sayings)
                    Blanks(saying).ShouldBe(Blanks(english[key]), $"{id} {key} in {tongue}");
            }
        }

        static string[] Blanks(string saying) => [.. Blank().Matches(saying).Select(match => match.Value).Distinct().Order()];
    }

    [Fact]
    public async Task Each_example_does_what_it_promises()
    {
        foreach (var tongue in Tongues.All)
        {
            foreach (var id in SkillIds)
            {
                foreach (var example in Phrasebook.Shared[tongue, id].Examples.Where(example => !example.Contains('(', StringComparison.Ordinal) || id == "arithmetic"))
                {
                    var reply = await agents.AskAsync(example, tongue.Code());
                    reply.ShouldNotBeNull($"{id} in {tongue}: {example}");
                    reply.SkillId.ShouldBe(id, example);
                }
            }
        }
    }

    [Fact]
    public void Words_for_a_skill_that_does_not_exist_are_a_mistake()
    {
        foreach (var tongue in Tongues.All)
            Phrasebook.Shared.In(tongue).Select(words => words.SkillId).ShouldBe(SkillIds, ignoreOrder: true, tongue.ToString());
    }

    [Fact]
    public void The_table_of_places_is_large_and_its_zones_exist()
    {
        Zones.All.Count.ShouldBeGreaterThanOrEqualTo(150);
        foreach (var place in Zones.All)
            Zones.Find(place.ZoneId).ShouldNotBeNull(place.ZoneId);
    }

    [Fact]
    public void Each_unit_is_understood_by_its_own_sign_and_name()
    {
        foreach (var unit in UnitTable.All)
        {
            foreach (var tongue in Tongues.All)
            {
                foreach (var word in new[] { unit.Signs[tongue], unit.Names[tongue] })
                {
                    var text = Lexer.Read(word);
                    var read = UnitTable.TryRead(text, 0, text.Tokens.Count, tongue, out _, out var next, candidate => candidate.Code == unit.Code);
                    (read && next == text.Tokens.Count).ShouldBeTrue($"{unit.Code} as '{word}' in {tongue}");
                }
            }
        }
    }
}
