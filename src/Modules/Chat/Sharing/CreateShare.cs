using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Sharing;

/// <summary>Makes a link to a conversation. Everything private is left out unless it is asked for here.</summary>
internal static class CreateShare
{
    const int MostOfConversation = 50;

    /// <param name="Level"><c>read comment copy</c>; each may what the one before it may.</param>
    /// <param name="MessageId">The last message that is shown, of any branch; absent for the branch that is shown now.</param>
    /// <param name="Follow">Show what is said later too; not with a chosen message.</param>
    /// <param name="ExpiresAt">From when it opens nothing; absent for never.</param>
    public sealed record Request(
        [property: Required, RegularExpression("^(read|comment|copy)$")] string Level,
        Guid? MessageId = null,
        bool Follow = false,
        bool Reasoning = false,
        bool Tools = false,
        bool Files = true,
        DateTimeOffset? ExpiresAt = null);

    /// <param name="Path">Where it is, from the root of this server. Shown this once.</param>
    internal sealed record Response(Share Share, string Path);

    // The lock keeps an answer from growing, and the branch from being cut, until the link knows where it ends.
    const string EndSql = """
        select m.message_id as id, m.status, length(m.text) as length,
            (select count(*) from chat.message_part p where p.message_id = m.message_id)::int as parts,
            (select count(*) from chat.share s where s.conversation_id = c.conversation_id and s.revoked_at is null)::int as shares
        from chat.conversation c left join lateral (
            select l.* from chat.message l where l.message_id = coalesce(@MessageId::uuid, c.head_message_id) offset 0) m on m.conversation_id = c.conversation_id
        where c.conversation_id = @Id and c.owner_id = @Owner and c.deleted_at is null
        for update of c
        """;

    const string InsertSql = """
        insert into chat.share (share_id, conversation_id, owner_id, token_hash, level, end_message_id, end_length, end_parts,
            with_reasoning, with_tools, with_files, created_at, expires_at)
        values (@Share, @Id, @Owner, @Hash, @Level, @End, @Length, @Parts, @Reasoning, @Tools, @Files, @Now, @ExpiresAt)
        """;

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/conversations/{id:guid}/shares", Handle)
        .WithName("Chat_CreateShare").WithSummary("Make a link by which others read a conversation, without an account")
        .WithExample(new Request("comment"), new Response(Share.Example, "/share/6f0c0m3D4s5q2W9d1XgSx8r7y3uTzJkQpVnBhLfYeAo"));

    static async Task<Results<Created<Response>, ProblemHttpResult>> Handle(
        Guid id, Request request, Caller caller, Db db, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (request is { Follow: true, MessageId: not null })
            return KernelErrors.BadRequest("A link either follows the conversation or ends at a message.").ToProblem();
        if (request.ExpiresAt <= now)
            return KernelErrors.BadRequest("The link would have expired already.").ToProblem();
        var token = SecretHash.NewToken();
        var made = await db.InTransactionAsync<Result<Share>>(async tx =>
        {
            if (await tx.FindAsync<End>(EndSql, new { Id = id, Owner = caller.UserId, request.MessageId }, cancel) is not { } end)
                return ChatErrors.ConversationNotFound;
            if (end.Id is null)
                return ChatErrors.MessageNotFound;
            if (end.Shares >= MostOfConversation)
                return ChatErrors.TooManyShares;
            if (!request.Follow && end.Status == "streaming")
                return ChatErrors.TurnRunning;
            var share = Ids.New<ShareId>(clock);
            await tx.ExecuteAsync(
                InsertSql,
                new
                {
                    Share = share,
                    Id = id,
                    Owner = caller.UserId,
                    Hash = SecretHash.OfToken(token)!.Value.ToArray(),
                    request.Level,
                    End = request.Follow ? null : end.Id,
                    Length = request.Follow ? null : end.Length,
                    Parts = request.Follow ? null : (int?)end.Parts,
                    request.Reasoning,
                    request.Tools,
                    request.Files,
                    Now = now,
                    ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
                },
                cancel);
            return (await tx.FindAsync<Share>(ShareSql.FindOwned, new { Id = share, Owner = caller.UserId, Now = now }, cancel))!;
        }, cancel);
        return made.TryGet(out var whole, out var refused)
            ? TypedResults.Created($"/api/chat/shares/{whole.Id.Value}", new Response(whole, $"{SharePage.Prefix}/{token}"))
            : refused.ToProblem();
    }

    sealed record End(MessageId? Id, string? Status, int? Length, int Parts, int Shares);
}
