using System.Text.Json.Serialization;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Chat;

[JsonConverter(typeof(IdJsonConverter<ConversationId>))]
public readonly record struct ConversationId(Guid Value) : IId<ConversationId>
{
    public static ConversationId From(Guid value) => new(value);
}

[JsonConverter(typeof(IdJsonConverter<MessageId>))]
public readonly record struct MessageId(Guid Value) : IId<MessageId>
{
    public static MessageId From(Guid value) => new(value);
}

[JsonConverter(typeof(IdJsonConverter<TurnId>))]
public readonly record struct TurnId(Guid Value) : IId<TurnId>
{
    public static TurnId From(Guid value) => new(value);
}

/// <summary>A file that a person brought, or one that was made for them.</summary>
[JsonConverter(typeof(IdJsonConverter<AttachmentId>))]
public readonly record struct AttachmentId(Guid Value) : IId<AttachmentId>
{
    public static AttachmentId From(Guid value) => new(value);
}

[JsonConverter(typeof(IdJsonConverter<MarkId>))]
public readonly record struct MarkId(Guid Value) : IId<MarkId>
{
    public static MarkId From(Guid value) => new(value);
}

/// <summary>A link by which a conversation is shared.</summary>
[JsonConverter(typeof(IdJsonConverter<ShareId>))]
public readonly record struct ShareId(Guid Value) : IId<ShareId>
{
    public static ShareId From(Guid value) => new(value);
}

/// <summary>What somebody said about a message of a shared conversation.</summary>
[JsonConverter(typeof(IdJsonConverter<CommentId>))]
public readonly record struct CommentId(Guid Value) : IId<CommentId>
{
    public static CommentId From(Guid value) => new(value);
}

/// <summary>A fact that Jean keeps about a person.</summary>
[JsonConverter(typeof(IdJsonConverter<MemoryId>))]
public readonly record struct MemoryId(Guid Value) : IId<MemoryId>
{
    public static MemoryId From(Guid value) => new(value);
}

/// <summary>Lets one person into a conversation.</summary>
[JsonConverter(typeof(IdJsonConverter<InvitationId>))]
public readonly record struct InvitationId(Guid Value) : IId<InvitationId>
{
    public static InvitationId From(Guid value) => new(value);
}
