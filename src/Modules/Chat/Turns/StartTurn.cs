using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Streaming;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Turns;

/// <summary>The person says something: store it and the turn in one transaction, then answer with the turn's stream.</summary>
internal static class StartTurn
{
    /// <param name="ClientId">Made by the client; sending it again returns the same turn.</param>
    /// <param name="ParentMessageId">What it follows; absent for the head of the shown branch.</param>
    /// <param name="BesideMessageId">Of the person: what is now said in other words. Both stay, each with the answers it had.</param>
    /// <param name="Language">Interface language, when it differs from the stored preference.</param>
    /// <param name="TimeZone">IANA zone of the device.</param>
    /// <param name="AttachmentIds">Files that were uploaded before, in the order they are shown.</param>
    public sealed record Request(
        [property: Required] Guid ClientId,
        [property: Required(AllowEmptyStrings = true), StringLength(100_000)] string Text,
        Guid? ParentMessageId = null,
        Guid? BesideMessageId = null,
        [property: StringLength(200)] string? ModelId = null,
        [property: RegularExpression("^(en|ar|vi|ru)$")] string? Language = null,
        [property: StringLength(64)] string? TimeZone = null,
        [property: MaxLength(20)] IReadOnlyList<Guid>? AttachmentIds = null);

    const string ParentSql = "select 1 from chat.message where message_id = @Parent and conversation_id = @Id";

    const string BesideSql = "select role, parent_id from chat.message where message_id = @Beside and conversation_id = @Id";

    // Held until the message is there: a clean-up must not take them meanwhile.
    const string AttachmentsSql = """
        select a.attachment_id as id, a.name, a.media_type, a.size_bytes, a.width, a.height, a.blob, a.webp_blob as webp, a.extracted_length as text_length, a.transcript
        from unnest(@Ids::uuid[]) with ordinality as g(id, place) join chat.attachment a on a.attachment_id = g.id and a.owner_id = @Owner
        order by g.place for share of a
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/conversations/{id:guid}/turns", Handle)
        .WithName("Chat_StartTurn").WithSummary("Say something and follow the answer")
        .WithExample(new Request(ExampleTalk.ClientId, ExampleTalk.Question, TimeZone: ExampleTalk.TimeZone)).WithStreamEvents(TurnEvents.All);

    static async Task<Results<SseResult, ProblemHttpResult>> Handle(Guid id, Request request, Caller caller, TurnStarter starter, TurnFollower follower, CancellationToken cancel)
    {
        var files = request.AttachmentIds?.Distinct().ToArray() ?? [];
        if (string.IsNullOrWhiteSpace(request.Text) && files.Length == 0)
            return KernelErrors.BadRequest("The message is empty.").ToProblem();

        MessageId? after = request.ParentMessageId is { } given ? new MessageId(given) : null;
        MessageId? beside = request.BesideMessageId is { } earlier ? new MessageId(earlier) : null;
        if (after is not null && beside is not null)
            return KernelErrors.BadRequest("A message follows another or stands beside it, not both.").ToProblem();
        var call = new TurnCall(new ConversationId(id), request.ClientId, after, beside, request.Language, request.TimeZone);
        var started = await starter.StartAsync(caller, call, Plan, cancel);
        return started.TryGet(out var turn, out var error) ? SseStream.Respond(follower.FollowAsync(turn, TurnCursor.Start, cancel)) : error.ToProblem();

        async Task<Result<TurnPlan>> Plan(Tx tx, LockedConversation conversation)
        {
            var parent = after ?? conversation.HeadMessageId;
            if (after is not null && await tx.FindAsync<int?>(ParentSql, new { Parent = after, conversation.Id }, cancel) is null)
                return ChatErrors.MessageNotFound;
            if (beside is not null)
            {
                if (await tx.FindAsync<Place>(BesideSql, new { Beside = beside, conversation.Id }, cancel) is not { } place)
                    return ChatErrors.MessageNotFound;
                if (place.Role != "user")
                    return ChatErrors.NotAQuestion;
                parent = place.ParentId;
            }

            IReadOnlyList<LineAttachment> attached = files.Length == 0 ? [] : await tx.QueryAsync<LineAttachment>(AttachmentsSql, new { Ids = files, Owner = caller.UserId }, cancel);
            if (attached.Count != files.Length)
                return ChatErrors.AttachmentNotFound;
            return new TurnPlan(null, parent, request.Text, null, request.ModelId ?? conversation.ModelId, "") { Attachments = attached };
        }
    }

    sealed record Place(string Role, MessageId? ParentId);
}
