using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.OpenApi;

namespace JeanTrail.Chat.Turns;

/// <summary>What a turn's stream carries: sent by <see cref="TurnFollower"/>, described by every endpoint that answers with one.</summary>
internal static class TurnEvents
{
    internal static readonly StreamEventShape Turn = new("turn", typeof(TurnEvent), "First, also when a stream is taken up again: which turn this is.");
    internal static readonly StreamEventShape Delta = new("delta", typeof(DeltaEvent), "More of the answer's text.");
    internal static readonly StreamEventShape Sentence = new("sentence", typeof(SentenceEvent), "A sentence of the answer is complete and can be spoken.");
    internal static readonly StreamEventShape Action = new("action", typeof(ClientAction), "The client is asked to do something.");
    internal static readonly StreamEventShape Citation = new("citation", typeof(Citation), "The answer rests on this passage.");
    internal static readonly StreamEventShape Part = new("part", typeof(MessagePart), "A part of the answer is new, or is now like this: reasoning, a tool, an image, a file, a note.");
    internal static readonly StreamEventShape PartDelta = new("part-delta", typeof(PartDeltaEvent), "More of a part's text.");
    internal static readonly StreamEventShape Done = new("done", typeof(DoneEvent), "Last: how the turn ended.");

    internal static readonly StreamEventShape[] All = [Turn, Delta, Sentence, Action, Citation, Part, PartDelta, Done];
}

/// <summary>First event of every stream, also of a resumed one.</summary>
internal sealed record TurnEvent(TurnId TurnId, ConversationId ConversationId, MessageId UserMessageId, MessageId AssistantMessageId, string ModelId, string Title);

/// <summary>Text that follows what came before.</summary>
internal sealed record DeltaEvent(string Text);

/// <summary>Text that belongs to a part at <paramref name="At"/> of the part's own text; a reader that has it already leaves it.</summary>
internal sealed record PartDeltaEvent(int Ordinal, int At, string Text);

/// <summary>A sentence that can be spoken, complete at <paramref name="End"/> (UTF-16 offsets in the answer); the text is free of Markdown.</summary>
internal sealed record SentenceEvent(int Index, int Start, int End, string Text, string Language);

/// <summary>Last event of a stream that ended in order.</summary>
/// <param name="Status"><c>completed stopped interrupted failed</c>.</param>
/// <param name="ModelId">The model that really answered: a skill may have done so in front of the one the turn began with.</param>
internal sealed record DoneEvent(string Status, MessageError? Error, TurnUsage? Usage, string Title, string? ModelId);

internal sealed record TurnUsage(long InputTokens, long OutputTokens);

/// <summary>Where a reader of a turn stands. Travels as the id of each event and comes back as <c>Last-Event-ID</c>.</summary>
/// <param name="Text">UTF-16 code units of the answer delivered.</param>
/// <param name="Sentences">Sentences delivered; -1 for "those that end within the text delivered".</param>
/// <param name="Extras">Actions and citations delivered; -1 for "those there were when the reader joined".</param>
/// <param name="Parts">Changes of parts delivered; -1 for none: a part that is there already is only replaced by itself.</param>
/// <param name="Reasoning">UTF-16 code units of reasoning delivered.</param>
internal readonly record struct TurnCursor(int Text, int Sentences, int Extras, int Parts, int Reasoning)
{
    public static readonly TurnCursor Start = new(0, 0, 0, 0, 0);

    /// <summary>Of whoever has all there is.</summary>
    public static readonly TurnCursor PastAll = new(int.MaxValue, -1, -1, -1, 0);

    /// <summary>Of a reader who has so much of the text, and what came with it.</summary>
    public static TurnCursor After(int text) => new(text, -1, -1, -1, 0);

    /// <summary>Reads an event id; a bare number is the length of the text a client already has. Null when it is neither.</summary>
    public static TurnCursor? Parse(string? id)
    {
        if (string.IsNullOrEmpty(id))
            return Start;
        var parts = id.Split('.');
        if (!TryCount(parts[0], out var text))
            return null;
        if (parts.Length == 1)
            return After(text);
        return parts.Length == 5 && TryCount(parts[1], out var sentences) && TryCount(parts[2], out var extras)
            && TryCount(parts[3], out var changes) && TryCount(parts[4], out var reasoning)
            ? new TurnCursor(text, sentences, extras, changes, reasoning)
            : null;
    }

    public override string ToString() => $"{Text}.{Sentences}.{Extras}.{Parts}.{Reasoning}";

    static bool TryCount(string part, out int count)
        => int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out count);
}
