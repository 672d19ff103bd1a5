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
