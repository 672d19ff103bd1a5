using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Marks;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>What is to be handed over.</summary>
/// <param name="Whole">The whole tree instead of the branch.</param>
/// <param name="Head">The end of the branch; null for the one that is shown.</param>
/// <param name="Messages">Only these; null for all.</param>
/// <param name="Files">With the images and files.</param>
/// <param name="Language">In which the few words around the messages are written.</param>
internal sealed record ExportChoice(bool Whole, Guid? Head, IReadOnlyList<Guid>? Messages, bool Files, string Language);

/// <summary>A conversation, and which of its messages are handed over, in which order.</summary>
internal sealed record ExportedTalk(ExportedConversation Conversation, IReadOnlyList<ExportedPlace> Places);

/// <param name="Parent">The nearest message above it that is handed over too.</param>
internal sealed record ExportedPlace(Guid Id, Guid? Parent);

internal sealed record ExportedConversation(
    Guid Id, string Title, string TitleSource, string? ModelId, Guid? HeadMessageId, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ArchivedAt,
    string Instructions, string Parameters, string Tags, string? Category, string? ProjectName, string? ProjectInstructions);

/// <param name="ParentId">Among the messages that are handed over.</param>
internal sealed record ExportedMessage(
    Guid Id, Guid? ParentId, string Role, string Text, string? Language, string? ModelId, string Status, string? Error, string Actions, string Citations,
    DateTimeOffset CreatedAt)
{
    public IReadOnlyList<ExportedPart> Parts { get; init; } = [];

    public IReadOnlyList<Mark> Marks { get; init; } = [];

    public IEnumerable<ExportedPart> Files => Parts.Where(part => part.AttachmentId is not null);
}

/// <param name="Name">Of the file, and so on; null for parts without one.</param>
internal sealed record ExportedPart(
    Guid MessageId, string Kind, int At, string Payload, Guid? AttachmentId, string? Name, string? MediaType, long? SizeBytes, int? Width, int? Height,
    string? Extracted, string? Origin, DateTimeOffset? FileCreatedAt, string? Blob)
{
    /// <summary>Where the file is in an archive.</summary>
    public string ArchivePath => $"files/{AttachmentId}{Extension}";

    /// <summary>What is said in it, where it is a recording that was written down.</summary>
    public string? Said => MediaTypes.IsSound(MediaType ?? "") && Extracted is { Length: > 0 } ? Extracted : null;

    public bool IsImage => MediaType?.StartsWith("image/", StringComparison.Ordinal) == true;

    string Extension => Path.GetExtension(Name) is { Length: > 1 and <= 8 } extension && extension.AsSpan(1).IndexOfAnyExceptInRange('0', 'z') < 0
        ? extension.ToLowerInvariant() : "";
}
