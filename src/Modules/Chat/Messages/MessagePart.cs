using System.Text.Json;
using System.Text.Json.Serialization;
using JeanTrail.Contracts.Chat;

namespace JeanTrail.Chat.Messages;

/// <summary>What a message holds besides its text.</summary>
/// <param name="Kind"><c>reasoning tool image file note</c>.</param>
/// <param name="At">UTF-16 offset in the message's text before which the part is shown.</param>
internal sealed record MessagePart(int Ordinal, string Kind, int At)
{
    /// <summary>Of <c>memory-used</c>, what was told, a fact a line. Of reasoning; absent in a stream, where it comes as <c>part-delta</c>; when it is there, it is all of it.</summary>
    public string? Text { get; init; }

    /// <summary>Of reasoning and tools: <c>running done failed stopped</c>.</summary>
    public string? State { get; init; }

    /// <summary>How long reasoning or a tool took.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Tells the calls of one tool apart.</summary>
    public string? CallId { get; init; }

    /// <summary>The tool's.</summary>
    public string? Name { get; init; }

    /// <summary>What the tool was called with: JSON.</summary>
    public string? Arguments { get; init; }

    /// <summary>What the tool answered: text or JSON. Untrusted.</summary>
    public string? Result { get; init; }

    /// <summary>Of an image or a file.</summary>
    public AttachmentView? Attachment { get; init; }

    /// <summary>An image that stayed where it is: https. Never loaded by itself.</summary>
    public string? Url { get; init; }

    /// <summary>What a note says: <c>images-not-seen image-not-kept attachments-left-out recording-unheard memory-used</c>.</summary>
    public string? Code { get; init; }

    internal const string Running = "running";
    internal const string Done = "done";
    internal const string Failed = "failed";
    internal const string Stopped = "stopped";
}

/// <summary>A file as messages and the composer show it.</summary>
/// <param name="MediaType">What its bytes say it is.</param>
/// <param name="Width">Pixels, of images.</param>
/// <param name="Transcript">Of recordings.</param>
internal sealed record AttachmentView(
    AttachmentId Id, string Name, string MediaType, long SizeBytes, int? Width, int? Height, bool HasThumbnail, TranscriptView? Transcript = null);

/// <summary>How far the words of a recording are.</summary>
/// <param name="State"><c>none pending done failed</c>; none is a recording that nobody writes down.</param>
/// <param name="Code">Why it is none (<c>no-recogniser</c>) or failed (<c>unreadable too-long no-decoder too-slow recogniser lost</c>).</param>
/// <param name="Text">The beginning of what is said.</param>
/// <param name="Length">UTF-16 code units, roughly, of all of it; 0 when nothing is said.</param>
internal sealed record TranscriptView(string State, string? Code = null, string? Text = null, int Length = 0)
{
    public const string None = "none";
    public const string Pending = "pending";
    public const string Done = "done";
    public const string Failed = "failed";

    /// <summary>As much of it goes along with a message.</summary>
    public const int LongestBeginning = 600;
}

/// <summary>How parts are kept: what has a column of its own is not in the payload.</summary>
internal static class PartJson
{
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Writes one part whole, for the log of a running turn.</summary>
    public static string Write(MessagePart part) => JsonSerializer.Serialize(part, Options);

    public static MessagePart Read(string json) => JsonSerializer.Deserialize<MessagePart>(json, Options)!;

    public static IReadOnlyList<MessagePart> ReadAll(string json) => json == "[]" ? [] : JsonSerializer.Deserialize<List<MessagePart>>(json, Options)!;

    /// <summary>Rows for <c>jsonb_to_recordset</c>.</summary>
    public static string Rows(IReadOnlyList<MessagePart> parts) => JsonSerializer.Serialize(parts.Select(part => new
    {
        part.Ordinal,
        part.Kind,
        part.At,
        attachment_id = part.Attachment?.Id.Value,
        payload = new { part.Text, part.State, part.DurationMs, part.CallId, part.Name, part.Arguments, part.Result, part.Url, part.Code },
    }), Options);
}

internal static class PartSql
{
    /// <summary>Keeps @Parts (<see cref="PartJson.Rows"/>) with the message, unless it is gone.</summary>
    public const string Keep = """
        insert into chat.message_part (message_id, ordinal, kind, at, attachment_id, payload)
        select m.message_id, p.ordinal, p.kind, p.at, a.attachment_id, p.payload
        from chat.message m
            cross join jsonb_to_recordset(@Parts::jsonb) as p(ordinal integer, kind text, at integer, attachment_id uuid, payload jsonb)
            left join chat.attachment a on a.attachment_id = p.attachment_id
        where m.message_id = @AssistantMessageId
        on conflict (message_id, ordinal) do update set at = excluded.at, attachment_id = excluded.attachment_id, payload = excluded.payload
        """;

    public const string Log = "select change, step, text, body::text as body from chat.turn_part_log where turn_id = @Id and (change, step) >= (@Change, @Step) order by change, step";

    public const string ForgetLog = "delete from chat.turn_part_log where turn_id = @TurnId";

    public const string Of = "select chat.message_parts(@Id)::text";
}

/// <summary>One row of the log of a running turn.</summary>
/// <param name="Step">0 for a change of a part, 1 + its offset for a piece of reasoning.</param>
/// <param name="Body">The part, of a change.</param>
internal sealed record PartLogEntry(int Change, int Step, string Text, string? Body);
