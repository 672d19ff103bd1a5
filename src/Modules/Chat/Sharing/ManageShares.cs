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

/// <summary>What was shared, and its end.</summary>
internal static class ManageShares
{
    const string RevokeSql = "update chat.share set revoked_at = @Now where share_id = @Id and owner_id = @Owner and revoked_at is null";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/shares", ListAsync)
            .WithName("Chat_ListShares").WithSummary("One's own links, newest first, of all conversations or of one")
            .WithExample(response: new[] { Share.Example });
        routes.MapDelete("/shares/{id:guid}", RevokeAsync)
            .WithName("Chat_RevokeShare").WithSummary("End a link at once: it opens nothing any more");
    }

    static async Task<Ok<IReadOnlyList<Share>>> ListAsync(Caller caller, Db db, TimeProvider clock, CancellationToken cancel, Guid? conversationId = null)
        => TypedResults.Ok(await db.QueryAsync<Share>(ShareSql.List, new { Owner = caller.UserId, Conversation = conversationId, Now = clock.GetUtcNow() }, cancel));

    static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
        => await db.ExecuteAsync(RevokeSql, new { Id = new ShareId(id), Owner = caller.UserId, Now = clock.GetUtcNow() }, cancel) == 1
            ? TypedResults.NoContent() : ChatErrors.ShareNotFound.ToProblem();
}
