using JeanTrail.Chat.Conversations;
using JeanTrail.Chat.Transfer.Export;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Idempotency;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Sharing;

/// <summary>
/// Goes on with what was shared: a conversation of one's own that holds exactly what the link shows. Files are taken by reference (the
/// same content is stored once) and count against the plan of whoever takes them. The messages belong to no turn: nobody here said them.
/// </summary>
internal static class CopyShared
{
    const string StatusSql = "select status from chat.message where message_id = @Id";

    const string ConversationCopySql = """
        insert into chat.conversation (conversation_id, owner_id, title, title_source, head_message_id, created_at, updated_at)
        select @Copy, @Owner, title, title_source, @Head, @Now, @Now from chat.conversation where conversation_id = @Conversation
        """;

    const string MessagesSql = """
        insert into chat.message (message_id, conversation_id, parent_id, role, text, language, model_id, status, created_at)
        select n.made, @Copy, n.parent, m.role, case when m.message_id = @End::uuid then left(m.text, @EndLength) else m.text end, m.language, m.model_id,
            m.status, m.created_at
        from unnest(@Ids::uuid[], @Made::uuid[], @Parents::uuid[]) as n(id, made, parent) join chat.message m on m.message_id = n.id
        """;

    // Held until the copies are there: a clean-up must not take the content from under them.
    const string FilesSql = """
        select a.attachment_id as id, a.size_bytes from chat.attachment a
        where a.owner_id = @From and 'file' = any(@Kinds)
            and exists (select from chat.message_part p where p.attachment_id = a.attachment_id and p.message_id = any(@Ids) and (p.message_id <> @LastId or p.ordinal < @LastPart))
        for share of a
        """;

    const string CopyFilesSql = """
        insert into chat.attachment (attachment_id, owner_id, origin, name, media_type, size_bytes, blob, thumbnail_blob, webp_blob, width, height, extracted, transcript, transcript_code, transcript_model, created_at)
        select n.made, @Owner, a.origin, a.name, a.media_type, a.size_bytes, a.blob, a.thumbnail_blob, a.webp_blob, a.width, a.height, a.extracted, a.transcript, a.transcript_code, a.transcript_model, @Now
        from unnest(@Files::uuid[], @FilesMade::uuid[]) as n(id, made) join chat.attachment a on a.attachment_id = n.id
        """;

    const string PartsSql = """
        insert into chat.message_part (message_id, ordinal, kind, at, attachment_id, payload)
        select n.made, p.ordinal, p.kind, p.at, f.made, p.payload
        from unnest(@Ids::uuid[], @Made::uuid[]) as n(id, made) join chat.message_part p on p.message_id = n.id
            left join unnest(@Files::uuid[], @FilesMade::uuid[]) as f(id, made) on f.id = p.attachment_id
        where p.kind = any(@Kinds) and (p.attachment_id is null or f.made is not null) and (p.message_id <> @LastId or p.ordinal < @LastPart)
        """;

    // Where the parts end that the last message had when the link was made.
    const string LastPartSql = "select p.ordinal from chat.message_part p where p.message_id = @End order by p.ordinal offset @EndParts limit 1";

    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/shared/{token}/copy", Handle).WithIdempotency().ReachesOthers()
        .WithName("Chat_CopyShared").WithSummary("Begin a conversation of one's own with what a link shows")
        .WithExample(response: ConversationSummary.Example);

    static async Task<Results<Created<ConversationSummary>, ProblemHttpResult>> Handle(
        string token, HttpContext context, Caller caller, SharedTalks shared, Db db, IQuotas quotas, TimeProvider clock, CancellationToken cancel)
    {
        var found = await shared.FindAsync(token, context, cancel);
        if (!found.TryGet(out var share, out var refused))
            return refused.ToProblem();
        if (!share.Copies)
            return ChatErrors.ShareOnlyShows.ToProblem();
        if (await shared.OpenAsync(share, cancel) is not { } talk)
            return ChatErrors.ShareNotFound.ToProblem();
        var copied = await db.InTransactionAsync(tx => CopyAsync(tx, share, talk, ConversationMade.IdFor(context.Request, caller.UserId, clock), caller.UserId, quotas, clock, cancel), cancel);
        return copied.TryGet(out var copy, out refused) ? TypedResults.Created($"/api/chat/conversations/{copy.Id.Value}", copy) : refused.ToProblem();
    }

    static async Task<Result<ConversationSummary>> CopyAsync(
        Tx tx, OpenShare share, ExportedTalk talk, ConversationId copy, UserId owner, IQuotas quotas, TimeProvider clock, CancellationToken cancel)
    {
        if (await ConversationMade.FindAsync(tx, copy, owner, cancel) is { } before)
            return before;
        var path = talk.Places.Select(place => place.Id).ToList();
        if (await tx.FindAsync<string>(StatusSql, new { Id = path[^1] }, cancel) is null or "streaming")
            path.RemoveAt(path.Count - 1);
        if (path.Count == 0)
            return ChatErrors.MessageNotFound;
        var made = path.Select(_ => Ids.New(clock)).ToArray();
        var lastPart = share.End is null ? null : await tx.FindAsync<int?>(LastPartSql, new { share.End, share.EndParts }, cancel);
        var keys = new { From = share.Owner, Ids = path.ToArray(), share.Kinds, LastId = path[^1], LastPart = lastPart ?? int.MaxValue };
        var files = await tx.QueryAsync<SharedFile>(FilesSql, keys, cancel);
        if (files.Count > 0 && await quotas.TryTakeAsync(tx, owner, QuotaMeter.Storage, files.Sum(file => file.SizeBytes), cancel) is { } full)
            return full;
        var args = new
        {
            share.Conversation,
            Copy = copy,
            Owner = owner,
            Person = owner,
            Head = made[^1],
            Now = clock.GetUtcNow(),
            keys.Ids,
            Made = made,
            Parents = made.Select((_, at) => at == 0 ? (Guid?)null : made[at - 1]).ToArray(),
            share.End,
            share.EndLength,
            keys.Kinds,
            keys.LastId,
            keys.LastPart,
            Files = files.Select(file => file.Id.Value).ToArray(),
            FilesMade = files.Select(_ => Ids.New(clock)).ToArray(),
        };
        await tx.ExecuteAsync($"{ConversationCopySql}; {MessagesSql}; {CopyFilesSql}; {PartsSql}", args, cancel);
        return (await tx.FindAsync<ConversationRow>(ConversationSql.FindCopy, args, cancel))!.ToSummary();
    }

    sealed record SharedFile(AttachmentId Id, long SizeBytes);
}
