using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;

namespace JeanTrail.Chat;

internal static class ChatRealtime
{
    /// <summary>Tells all windows of a person that a conversation looks different now; they read it again if they show it.</summary>
    public static Task ConversationChangedAsync(this IRealtime realtime, UserId owner, ConversationId id, CancellationToken cancel)
        => realtime.PublishAsync($"user:{owner.Value}", "chat.conversation-changed", new { conversationId = id }, cancel);
}
