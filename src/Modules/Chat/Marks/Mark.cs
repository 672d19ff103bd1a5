using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Marks;

/// <summary>What the person left on a message.</summary>
/// <param name="Kind"><c>reaction rating highlight note bookmark</c>.</param>
/// <param name="Value">The emoji of a reaction, <c>up</c> or <c>down</c> of a rating, the colour of a highlight; else null.</param>
/// <param name="Reason">Why an answer was rated so, or null.</param>
/// <param name="Words">The words of a note or of a rating; empty otherwise.</param>
/// <param name="Start">UTF-16 range of the message's text; null for the whole message.</param>
internal sealed record Mark(
    MarkId Id, MessageId MessageId, string Kind, string? Value, string? Reason, string Words, int? Start, int? End, DateTimeOffset CreatedAt)
{
    internal static Mark Example { get; } = new(
        new MarkId(new Guid("019cebaf-2a41-7c0d-8e55-b1f0a9d3c762")), ExampleTalk.AnswerId, "note", null, null, "Ask whether it opens in winter.", 13, 23, ExampleTalk.AnsweredAt);
}

internal static class MarkSql
{
    /// <summary>Selects <see cref="Mark"/>; the caller adds the <c>where</c>.</summary>
    public const string Select = """
        select k.mark_id as id, k.message_id, k.kind, k.value, k.reason, k.words, k.range_start as start, k.range_end as "end", k.created_at
        from chat.mark k
        """;

    public const string FindOwned = Select + " where k.mark_id = @Id and k.owner_id = @Owner";

    const string OfMessagesSql = Select + " where k.message_id = any(@Messages) and k.owner_id = @Owner order by k.created_at, k.mark_id";

    /// <summary>The person's marks on several messages, in one query.</summary>
    public static async Task<ILookup<MessageId, Mark>> OfMessagesAsync(IDbSession session, UserId owner, IEnumerable<MessageId> messages, CancellationToken cancel)
    {
        var ids = messages.Select(message => message.Value).ToArray();
        var marks = ids.Length == 0 ? [] : await session.QueryAsync<Mark>(OfMessagesSql, new { Messages = ids, Owner = owner }, cancel);
        return marks.ToLookup(mark => mark.MessageId);
    }
}

/// <summary>What a mark may say. The sets are closed, so that they can be counted and drawn.</summary>
internal static class MarkRules
{
    public const int MaxWords = 4_000;

    /// <summary>What a person may leave on one message; reached only by programs.</summary>
    public const int MaxPerMessage = 200;

    static readonly string[] Reactions = ["👍", "❤️", "😄", "🎉", "🤔", "😕", "🙏", "👀"];
    static readonly string[] Colours = ["amber", "green", "teal", "rose"];
    static readonly string[] Good = ["correct", "helpful", "clear", "well-written", "other"];
    static readonly string[] Bad = ["wrong", "not-helpful", "unclear", "too-long", "ignored-instructions", "unsafe", "other"];

    /// <summary>Why the mark cannot be, or null.</summary>
    /// <param name="text">The message's; null while it is still being written.</param>
    public static string? Fault(string kind, string? value, string? reason, string words, int? start, int? end, string role, string? text)
    {
        if (words.Contains('\0', StringComparison.Ordinal))
            return "The words hold a character that cannot be kept.";
        if (Range(kind, start, end, text) is { } wrong)
            return wrong;
        if (kind != "rating" && reason is not null)
            return "Only a rating has a reason.";
        return kind switch
        {
            "reaction" => One(Reactions, value, "reaction") ?? Wordless(words),
            "highlight" => One(Colours, value, "colour") ?? Wordless(words),
            "bookmark" => value is null ? Wordless(words) : "A bookmark has no value.",
            "note" => value is not null ? "A note has no value." : string.IsNullOrWhiteSpace(words) ? "The note is empty." : null,
            _ => role != "assistant" ? "Only an answer can be rated."
                : One(["up", "down"], value, "rating") ?? (reason is null ? null : One(value == "up" ? Good : Bad, reason, "reason")),
        };
    }

    static string? Range(string kind, int? start, int? end, string? text)
    {
        if (start is null && end is null)
            return kind == "highlight" ? "A highlight needs a range." : null;
        if (kind is not ("highlight" or "note"))
            return "Only a highlight or a note has a range.";
        if (text is null)
            return "This answer is still being written.";
        if (start is not { } from || end is not { } to || from < 0 || to <= from || to > text.Length)
            return "The range is not within the message.";
        return IsInsidePair(text, from) || IsInsidePair(text, to) ? "The range cuts a character in two." : null;
    }

    static bool IsInsidePair(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]);

    static string? One(string[] known, string? value, string what)
        => value is not null && known.Contains(value, StringComparer.Ordinal) ? null : $"The {what} is one of {string.Join(' ', known)}.";

    static string? Wordless(string words) => words.Length == 0 ? null : "Only notes and ratings have words.";
}
