using JeanTrail.Agents.Recognition;
using JeanTrail.Contracts.Agents;

namespace JeanTrail.Agents.Skills;

/// <summary>
/// Tries the skills in their order of registration, in the likeliest language first, on the whole text and then on the text without
/// the courtesies around it. The first answer wins; no answer is no match.
/// </summary>
internal sealed class SkillEngine : ISkillEngine
{
    readonly IReadOnlyList<ISkill> skills;
    readonly TimeProvider clock;
    readonly Dictionary<Tongue, PhraseIndex> indexes;

    public SkillEngine(IEnumerable<ISkill> skills, TimeProvider clock)
    {
        this.skills = [.. skills];
        this.clock = clock;
        indexes = Tongues.All.ToDictionary(tongue => tongue, tongue => new PhraseIndex(this.skills, tongue));
    }

    public async Task<SkillReply?> TryAnswerAsync(SkillRequest request, CancellationToken cancel)
    {
        var text = Lexer.Read(request.Text);
        if (text.Tokens.Count == 0)
            return null;
        var matches = new List<(int Skill, PhraseMatch Match)>();
        var notAsked = new HashSet<int>();
        foreach (var tongue in Tongues.Guess(text, Tongues.From(request.Language)))
        {
            cancel.ThrowIfCancellationRequested();
            var index = indexes[tongue];
            if (await TryAsync(request, tongue, text, text.All, index, matches, notAsked, cancel) is { } reply)
                return reply;
            var core = Courtesies.Trim(text, tongue);
            if (core.Count > 0 && core != text.All && await TryAsync(request, tongue, text, core, index, matches, notAsked, cancel) is { } trimmed)
                return trimmed;
        }

        return null;
    }

    public SkillReply Decline(SkillRequest request)
    {
        var text = Lexer.Read(request.Text);
        var tongue = Tongues.Guess(text, Tongues.From(request.Language))[0];
        var words = Phrasebook.Shared[tongue, "connect-model"];
        return new SkillReply("none", words.Sayings["decline"], tongue.Code(), words.Sayings["decline.spoken"],
            [new ClientAction("connect-model", null, words.Sayings["button"])]);
    }

    async ValueTask<SkillReply?> TryAsync(
        SkillRequest request, Tongue tongue, Utterance text, Extent part, PhraseIndex index, List<(int Skill, PhraseMatch Match)> matches, HashSet<int> notAsked,
        CancellationToken cancel)
    {
        index.Find(text, part, matches);
        foreach (var (skill, match) in matches)
        {
            if (notAsked.Contains(skill) || (request.KeepNothing && skills[skill] is not IInstantSkill))
                continue;
            var call = new SkillCall(request, tongue, text, match, Phrasebook.Shared[tongue, skills[skill].Id], clock.GetUtcNow());
            if (skills[skill] is not IInstantSkill && request.Stored is { } stored)
                await stored.WaitAsync(cancel);
            var answer = await skills[skill].TryAsync(call, cancel);
            if (ReferenceEquals(answer, Answer.NotAsked))
                notAsked.Add(skill);
            else if (answer is not null)
                return new SkillReply(skills[skill].Id, answer.Text, (answer.Tongue ?? tongue).Code(), answer.Spoken, answer.Actions, answer.Citations);
        }

        return null;
    }
}
