using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
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
    public sealed record Request([property: StringLength(120)] string? Title = null, [property: StringLength(200)] string? ModelId = null, Guid? ProjectId = null);

    const string Sql = """
        insert into chat.conversation (conversation_id, owner_id, title, title_source, model_id, project_id, created_at, updated_at)
        select @Id, @Owner, @Title, @TitleSource, @ModelId, @ProjectId, @Now, @Now
        where @ProjectId::uuid is null or exists (select from chat.project p where p.project_id = @ProjectId and chat.project_role(p, @Owner) is not null)
        on conflict (conversation_id) do update set owner_id = excluded.owner_id where conversation.owner_id = excluded.owner_id
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/conversations", Handle).WithIdempotency()
        .WithName("Chat_CreateConversation").WithSummary("Begin a conversation")
        .WithExample(
            new Request(ExampleTalk.Title, ExampleTalk.ModelId, Projects.Project.Example.Id),
            ConversationSummary.Example with { UpdatedAt = ExampleTalk.BegunAt, HeadMessageId = null, ProjectId = Projects.Project.Example.Id, Tags = [], Category = null });

    static async Task<Results<Created<ConversationSummary>, ProblemHttpResult>> Handle(
        Request request, HttpRequest http, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var id = ConversationMade.IdFor(http, caller.UserId, clock);
        var now = clock.GetUtcNow();
        var title = request.Title?.Trim() ?? "";
        var source = title.Length > 0 ? "manual" : "auto";
        var values = new { Id = id, Owner = caller.UserId, Title = title, TitleSource = source, request.ModelId, request.ProjectId, Now = now };
        if (await db.ExecuteAsync(Sql, values, cancel) == 0)
            return ChatErrors.ProjectNotFound.ToProblem();
        return TypedResults.Created(
            $"/api/chat/conversations/{id.Value}",
            new ConversationSummary(id, title, source, request.ModelId, now, now, null, null, null, null, request.ProjectId, [], null));
    }
}
