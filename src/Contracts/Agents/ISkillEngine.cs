using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Agents;

/// <summary>Answers requests without any model: recognises what the person asked in the four interface languages and runs the skill.</summary>
public interface ISkillEngine
{
    /// <summary>Runs the best matching skill, or returns null when no recogniser matches (never guesses).</summary>
    Task<SkillReply?> TryAnswerAsync(SkillRequest request, CancellationToken cancel);

    /// <summary>What Jean says without a model when no skill matches: an honest sentence in the person's language and a way on.</summary>
    SkillReply Decline(SkillRequest request);
}

/// <param name="Text">The person's words, trusted input. At most 100,000 UTF-16 code units.</param>
/// <param name="Language">Interface language (<c>en ar vi ru</c>), used when the text does not tell its own.</param>
/// <param name="TimeZone">IANA zone of the person, or null for UTC.</param>
/// <param name="Earlier">Earlier messages of the conversation, oldest first; "summarise that" refers to them.</param>
/// <param name="Stored">Completes when the request is stored, or is cancelled with it; before, nothing that lasts is done. Null when it is.</param>
/// <param name="Message">The message of a conversation that the text is of; null when it came from elsewhere.</param>
/// <param name="KeepNothing">Only skills that need nothing but the text: none that keeps or looks up what is the person's.</param>
public sealed record SkillRequest(
    UserId UserId, string Text, string Language, string? TimeZone, IReadOnlyList<SkillContext> Earlier, Task? Stored = null, MessageId? Message = null, bool KeepNothing = false);

/// <summary>One earlier message, as much of it as a skill may refer to.</summary>
public sealed record SkillContext(bool FromPerson, string Text);

/// <param name="SkillId">Stable id such as <c>arithmetic</c>; <c>none</c> for a declined request.</param>
/// <param name="Text">Markdown to show.</param>
/// <param name="Language">Language of the reply, a BCP 47 primary subtag.</param>
/// <param name="Spoken">Text to speak where it differs from what is shown, or null.</param>
public sealed record SkillReply(
    string SkillId,
    string Text,
    string Language,
    string? Spoken = null,
    IReadOnlyList<ClientAction>? Actions = null,
    IReadOnlyList<Citation>? Citations = null);

/// <summary>Something the person's client is asked to do: open a page, change the theme. The client decides and may refuse.</summary>
/// <param name="Kind"><c>navigate set-theme set-language set-voice set-speech open-settings connect-model reminder-set</c>.</param>
public sealed record ClientAction(string Kind, string? Value = null, string? Label = null);

/// <summary>A passage a reply rests on. <paramref name="Start"/> and <paramref name="End"/> are UTF-16 offsets in the source text.</summary>
public sealed record Citation(string Title, string Quote, int Start, int End);
