using System.Text.RegularExpressions;
using JeanTrail.Agents.Notes;
using JeanTrail.Agents.Reminders;
using JeanTrail.Agents.Skills;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Agents.Tests;

public sealed class RecognitionTests(AgentsFixture agents) : IClassFixture<AgentsFixture>
{
    public static TheoryData<string, string, string, string> Phrases()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var language in PhraseTable.Languages)
        {
            foreach (var (skill, phrase, answer) in PhraseTable.In(language).Said)
                data.Add(language, skill, phrase, answer);
        }

        return data;
    }

    public static TheoryData<string, string> Unrecognised()
    {
        var data = new TheoryData<string, string>();
        foreach (var language in PhraseTable.Languages)
        {
            foreach (var phrase in PhraseTable.In(language).None)
                data.Add(language, phrase);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Phrases))]
    public async Task A_phrase_is_answered_by_its_skill(string language, string skill, string phrase, string answer)
    {
        var user = agents.NewUser();
        var table = PhraseTable.In(language);
        if (skill.StartsWith("note-", StringComparison.Ordinal) || skill.StartsWith("reminder-", StringComparison.Ordinal))
            await SeedAsync(user, language, table);

        var reply = await agents.AskAsync(phrase, language, user, "UTC", table.Earlier);

        reply.ShouldNotBeNull($"Nothing recognised: {phrase}");
        reply.SkillId.ShouldBe(skill, reply.Text);
        if (skill != "language")
            reply.Language.ShouldBe(language);
        if (answer is ['/', .. var pattern, '/'])
            Regex.IsMatch(reply.Text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBeTrue($"{phrase} → {reply.Text}");
        else
            reply.Text.Replace('\u00A0', ' ').ShouldContain(answer, Case.Sensitive, phrase);
    }

    [Theory]
    [MemberData(nameof(Unrecognised))]
    public async Task A_question_for_a_model_is_left_alone(string language, string phrase)
    {
        var reply = await agents.AskAsync(phrase, language, earlier: PhraseTable.In(language).Earlier);

        reply.ShouldBeNull($"{phrase} → {reply?.SkillId}: {reply?.Text}");
    }

    [Fact]
    public void Each_skill_has_at_least_eight_phrasings_in_each_language()
    {
        var skills = agents.Services.GetServices<ISkill>().Select(skill => skill.Id).ToArray();

        foreach (var language in PhraseTable.Languages)
        {
            var counts = PhraseTable.In(language).Said.Select(said => (said.Skill, said.Phrase)).Distinct().CountBy(said => said.Skill).ToDictionary();
            foreach (var skill in skills)
                counts.GetValueOrDefault(skill).ShouldBeGreaterThanOrEqualTo(8, $"{skill} in {language}");
            PhraseTable.In(language).None.Distinct().Count().ShouldBeGreaterThanOrEqualTo(50, language);
        }

        skills.Length.ShouldBeGreaterThanOrEqualTo(28);
    }

    async Task SeedAsync(Kernel.Identity.UserId user, string language, PhraseTable table)
    {
        foreach (var (kind, text) in table.Scene)
        {
            if (kind == "note")
                await agents.Services.GetRequiredService<NoteBook>().AddAsync(user, text, CancellationToken.None);
            else if (kind == "reminder")
                await agents.Services.GetRequiredService<ReminderBook>().AddAsync(user, text, language, agents.Clock.GetUtcNow().AddDays(3), CancellationToken.None);
        }
    }
}
