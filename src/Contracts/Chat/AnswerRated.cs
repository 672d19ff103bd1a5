using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Messaging;

namespace JeanTrail.Contracts.Chat;

/// <summary>A person said what they think of an answer, or took it back. Ids and closed sets only: their words stay with the mark.</summary>
/// <param name="Rating"><c>up down none</c>; <c>none</c> takes an earlier one back.</param>
/// <param name="Reason">One of the reasons the rating offers, or null.</param>
/// <param name="ModelId">Who answered, when it is known.</param>
public sealed record AnswerRated(UserId OwnerId, ConversationId ConversationId, MessageId MessageId, string Rating, string? Reason, string? ModelId)
    : IEvent
{
    public static string EventName => "chat.answer-rated.v1";
}
