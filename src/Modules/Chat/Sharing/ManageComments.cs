using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Sharing;

/// <summary>What others said about one's conversation. Its owner takes away any of it, and its author their own.</summary>
internal static class ManageComments
{
    const string ListSql = """
        select k.comment_id as id, k.message_id, k.author_name, k.text, k.created_at, k.author_id = @Owner as mine
        from chat.share_comment k join chat.share s on s.share_id = k.share_id
        where k.message_id = @Message and s.owner_id = @Owner order by k.created_at, k.comment_id limit 1000
        """;

    const string OwnedSql = """
        select 1 from chat.message m join chat.conversation c on c.conversation_id = m.conversation_id
        where m.message_id = @Message and c.owner_id = @Owner
        """;

    const string DeleteSql = """
        delete from chat.share_comment k
        where k.comment_id = @Id and (k.author_id = @Owner or exists (select from chat.share s where s.share_id = k.share_id and s.owner_id = @Owner))
        """;

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/messages/{id:guid}/comments", ListAsync)
            .WithName("Chat_ListComments").WithSummary("What others said about a message of one's own conversation, oldest first")
            .WithExample(response: new[] { Comment.Example });
        routes.MapDelete("/comments/{id:guid}", DeleteAsync)
            .WithName("Chat_DeleteComment").WithSummary("Take away a comment: one's own, or one on one's own conversation");
    }

    static async Task<Results<Ok<IReadOnlyList<Comment>>, ProblemHttpResult>> ListAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
    {
        var keys = new { Message = id, Owner = caller.UserId };
        var comments = await db.QueryAsync<Comment>(ListSql, keys, cancel);
        return comments.Count > 0 || await db.FindAsync<int?>(OwnedSql, keys, cancel) is not null ? TypedResults.Ok(comments) : ChatErrors.MessageGone.ToProblem();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.ExecuteAsync(DeleteSql, new { Id = new CommentId(id), Owner = caller.UserId }, cancel) == 1
            ? TypedResults.NoContent() : ChatErrors.CommentNotFound.ToProblem();
}
