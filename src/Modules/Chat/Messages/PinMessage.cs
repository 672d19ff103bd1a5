using JeanTrail.Chat.Conversations;
using JeanTrail.Chat.Together;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Messages;

/// <summary>Pins a message: the model is told it however far back it is.</summary>
internal static class PinMessage
{
    const string PinSql = $"""
        update chat.message m set pinned_at = coalesce(m.pinned_at, @Now)
        from chat.conversation c
        where m.message_id = @MessageId and m.conversation_id = @Id and c.conversation_id = m.conversation_id and {ChatAccess.Edit}
        """;

    const string UnpinSql = $"""
        update chat.message m set pinned_at = null
        from chat.conversation c
        where m.message_id = @MessageId and m.conversation_id = @Id and c.conversation_id = m.conversation_id and {ChatAccess.Edit}
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPut("/conversations/{id:guid}/messages/{message:guid}/pin", With(PinSql))
            .WithName("Chat_PinMessage").WithSummary("Pin a message, so that the model is always told it");
        routes.MapDelete("/conversations/{id:guid}/messages/{message:guid}/pin", With(UnpinSql))
            .WithName("Chat_UnpinMessage").WithSummary("Take the pin out of a message");
    }

    static Func<Guid, Guid, Caller, ConversationChanges, CancellationToken, Task<Results<NoContent, ProblemHttpResult>>> With(string sql)
        => (id, message, caller, changes, cancel) => changes.ApplyAsync(sql, ChatRole.Edit, id, caller, new { MessageId = message }, cancel);
}
