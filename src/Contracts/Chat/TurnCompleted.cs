using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;

namespace JeanTrail.Contracts.Chat;

/// <summary>A turn ended, however it ended. Ids only: readers ask for what they may see.</summary>
/// <param name="Status"><c>completed stopped interrupted failed</c>.</param>
public sealed record TurnCompleted(UserId OwnerId, ConversationId ConversationId, TurnId TurnId, MessageId AssistantMessageId, string Status, string ModelId)
    : IEvent
{
    public static string EventName => "chat.turn-completed.v1";
}
