namespace JeanTrail.Chat.Transfer.Import;

/// <summary>A conversation as another program, or another JeanTrail, told it. Untrusted.</summary>
/// <param name="SourceId">What the conversation is called there; the same one is the same conversation.</param>
internal sealed record ImportedTalk(string SourceId, string Title, DateTimeOffset? CreatedAt)
{
    public DateTimeOffset? UpdatedAt { get; init; }

    public DateTimeOffset? ArchivedAt { get; init; }

    public string? ModelId { get; init; }

    public bool TitleIsManual { get; init; }

    public string Instructions { get; init; } = "";

    /// <summary>JSON.</summary>
    public string Parameters { get; init; } = "{}";

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Category { get; init; }

    public (string Name, string Instructions)? Project { get; init; }

    /// <summary>The last message of the branch that was shown.</summary>
    public string? Head { get; init; }

    public List<ImportedMessage> Messages { get; } = [];

    /// <summary>What there was besides and cannot be taken, by kind.</summary>
    public Dictionary<string, int> LeftOut { get; } = new(StringComparer.Ordinal);

    public void LeaveOut(string kind) => LeftOut[kind] = LeftOut.GetValueOrDefault(kind) + 1;
}

/// <param name="Parent">The <see cref="SourceId"/> of what it follows; null, or one that is not there, for a beginning.</param>
/// <param name="Role"><c>user assistant</c>.</param>
internal sealed record ImportedMessage(string SourceId, string? Parent, string Role, string Text, DateTimeOffset? CreatedAt)
{
    public string? ModelId { get; init; }

    public string? Language { get; init; }

    public string Status { get; init; } = "complete";

    /// <summary>JSON, as the next two.</summary>
    public string? Error { get; init; }

    public string Actions { get; init; } = "[]";

    public string Citations { get; init; } = "[]";

    public IReadOnlyList<ImportedPart> Parts { get; init; } = [];

    public IReadOnlyList<ImportedMark> Marks { get; init; } = [];
}

/// <param name="Kind"><c>reasoning tool image file</c>.</param>
/// <param name="Payload">JSON.</param>
internal sealed record ImportedPart(string Kind, int At, string Payload, ImportedFile? File);

/// <summary>A file that came along: in the archive under <paramref name="Path"/>, or in the conversation itself.</summary>
/// <param name="SourceId">The same one is the same file.</param>
internal sealed record ImportedFile(string SourceId, string Name, string MediaType, string? Path, byte[]? Content)
{
    public string Origin { get; init; } = "uploaded";

    public int? Width { get; init; }

    public int? Height { get; init; }

    public string? Extracted { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
}

internal sealed record ImportedMark(string Kind, string? Value, string? Reason, string Words, int? Start, int? End, DateTimeOffset? CreatedAt);

/// <summary>Why a conversation was not taken.</summary>
internal sealed class NotTakenException(string reason) : Exception(reason)
{
    /// <summary><c>empty malformed too-large unknown-shape</c>.</summary>
    public string Reason { get; } = reason;
}
