using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Idempotency;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Conversations;

internal static class CreateConversation
{
    public sealed record Request([property: StringLength(120)] string? Title = null, [property: StringLength(200)] string? ModelId = null);

    const string Sql = """
        insert into chat.conversation (conversation_id, owner_id, title, title_source, model_id, created_at, updated_at)
        values (@Id, @Owner, @Title, @TitleSource, @ModelId, @Now, @Now)
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/conversations", Handle).WithIdempotency()
        .WithName("Chat_CreateConversation").WithSummary("Begin a conversation")
        .WithExample(
            new Request(ExampleTalk.Title, ExampleTalk.ModelId),
            ConversationSummary.Example with { UpdatedAt = ExampleTalk.BegunAt, HeadMessageId = null });

    static async Task<Created<ConversationSummary>> Handle(Request request, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var id = Ids.New<ConversationId>(clock);
        var now = clock.GetUtcNow();
        var title = request.Title?.Trim() ?? "";
        var source = title.Length > 0 ? "manual" : "auto";
        await db.ExecuteAsync(Sql, new { Id = id, Owner = caller.UserId, Title = title, TitleSource = source, request.ModelId, Now = now }, cancel);
        return TypedResults.Created(
            $"/api/chat/conversations/{id.Value}",
            new ConversationSummary(id, title, source, request.ModelId, now, now, null, null, null, null));
    }
}
