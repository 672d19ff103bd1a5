using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Sharing;

/// <summary>Somebody of this server says something about a message that was shared with them.</summary>
internal static class CommentOnShared
{
    const int MostOfShare = 1_000;

    /// <param name="MessageId">One that the link shows.</param>
    public sealed record Request([property: Required] Guid MessageId, [property: Required, StringLength(2_000)] string Text);

    // The lock makes comments of one link take turns, so that they can be counted; a link that was ended meanwhile takes none.
    const string LockSql = """
        select (select count(*) from chat.share_comment k where k.share_id = s.share_id)::int
        from chat.share s where s.share_id = @Share and s.revoked_at is null for update of s
        """;

    const string InsertSql = """
        insert into chat.share_comment (comment_id, share_id, message_id, author_id, author_name, text, created_at)
        values (@Id, @Share, @MessageId, @Author, @AuthorName, @Text, @Now)
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/shared/{token}/comments", Handle).ReachesOthers()
        .WithName("Chat_CommentOnShared").WithSummary("Comment on a message that a link shows, with one's name")
        .WithExample(new Request(ExampleTalk.AnswerId.Value, Comment.Example.Text), Comment.Example with { Mine = true });

    static async Task<Results<Ok<Comment>, ProblemHttpResult>> Handle(
        string token, Request request, HttpContext context, Caller caller, SharedTalks shared, IUserDirectory people, Db db, IRealtime realtime, TimeProvider clock,
        CancellationToken cancel)
    {
        var found = await shared.FindAsync(token, context, cancel);
        if (!found.TryGet(out var share, out var refused))
            return refused.ToProblem();
        if (!share.Comments)
            return ChatErrors.ShareOnlyShows.ToProblem();
        var text = request.Text.Replace('\0', ' ').Trim();
        if (text.Length == 0)
            return KernelErrors.BadRequest("The comment is empty.").ToProblem();
        if (await shared.OpenAsync(share, cancel) is not { } talk || talk.Places.All(place => place.Id != request.MessageId))
            return ChatErrors.MessageNotFound.ToProblem();
        if (await people.FindAsync(caller.UserId, cancel) is not { } author)
            return ChatErrors.ShareNotFound.ToProblem();

        var comment = new Comment(Ids.New<CommentId>(clock), new MessageId(request.MessageId), author.DisplayName, text, clock.GetUtcNow(), Mine: true);
        var error = await db.InTransactionAsync(async tx =>
        {
            if (await tx.FindAsync<int?>(LockSql, new { Share = share.Id }, cancel) is not { } count)
                return ChatErrors.ShareNotFound;
            if (count >= MostOfShare)
                return ChatErrors.TooManyComments;
            await tx.ExecuteAsync(
                InsertSql, new { comment.Id, Share = share.Id, comment.MessageId, Author = caller.UserId, comment.AuthorName, comment.Text, Now = comment.CreatedAt }, cancel);
            return null;
        }, cancel);
        if (error is not null)
            return error.ToProblem();
        await realtime.ConversationChangedAsync(share.Owner, share.Conversation, cancel);
        return TypedResults.Ok(comment);
    }
}
