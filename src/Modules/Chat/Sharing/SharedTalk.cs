using System.Threading.RateLimiting;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Transfer.Export;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Sharing;

/// <summary>What a link opens.</summary>
/// <param name="End">The last message that is shown; null follows.</param>
internal sealed record OpenShare(
    ShareId Id, ConversationId Conversation, UserId Owner, string Level, Guid? End, int? EndLength, int? EndParts, bool Reasoning, bool Tools, bool Files)
{
    public bool Comments => Level is "comment" or "copy";

    public bool Copies => Level == "copy";

    /// <summary>The kinds of parts that are shown. Notes are the server's words to the owner.</summary>
    public string[] Kinds => [.. Reasoning ? (string[])["reasoning"] : [], .. Tools ? (string[])["tool"] : [], .. Files ? (string[])["image", "file"] : []];
}

/// <summary>A message as whoever has the link sees it: without marks, citations, errors, and what was not chosen.</summary>
/// <param name="Role"><c>user assistant</c>.</param>
/// <param name="Comments">Of links that let people comment.</param>
internal sealed record SharedMessage(
    MessageId Id, string Role, string Text, string? ModelId, DateTimeOffset CreatedAt, IReadOnlyList<SharedPart> Parts, IReadOnlyList<Comment> Comments);

/// <param name="Kind"><c>reasoning tool image file</c>.</param>
/// <param name="Text">Of reasoning; of a recording, what is said in it.</param>
/// <param name="Name">Of a tool.</param>
/// <param name="File">Of an image or a file; null for one that is kept no more, or that is elsewhere.</param>
/// <param name="Url">Of an image that stayed where it is: https. Never loaded by itself.</param>
internal sealed record SharedPart(string Kind, string? Text = null, string? Name = null, string? Arguments = null, string? Result = null, AttachmentView? File = null, string? Url = null);

/// <summary>Opens links. Whoever guesses too often from one place is refused there for a while, also with a link that is right.</summary>
internal sealed class SharedTalks(Db db, ExportSource source, IUserDirectory people, IOptions<ChatOptions> options, TimeProvider clock) : IDisposable
{
    const int PageSize = 200;

    const string FindSql = """
        select s.share_id as id, s.conversation_id as conversation, s.owner_id as owner, s.level, s.end_message_id as "end", s.end_length, s.end_parts,
            s.with_reasoning as reasoning, s.with_tools as tools, s.with_files as files
        from chat.share s join chat.conversation c on c.conversation_id = s.conversation_id
        where s.token_hash = @Hash and s.revoked_at is null and (s.expires_at is null or s.expires_at > @Now) and c.deleted_at is null
        """;

    const string ViewedSql = "update chat.share set views = views + 1, last_viewed_at = @Now where share_id = @Id";

    const string CommentsSql = """
        select k.comment_id as id, k.message_id, k.author_name, k.text, k.created_at, k.author_id = @Reader as mine
        from chat.share_comment k where k.share_id = @Id and k.message_id = any(@Messages) order by k.created_at, k.comment_id
        """;

    readonly PartitionedRateLimiter<string> misses = PartitionedRateLimiter.Create<string, string>(network => RateLimitPartition.GetFixedWindowLimiter(
        network, _ => new FixedWindowRateLimiterOptions { PermitLimit = options.Value.ShareGuessesPerMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>The link's share, or the one error for all that opens nothing.</summary>
    public async Task<Result<OpenShare>> FindAsync(string token, HttpContext context, CancellationToken cancel)
    {
        var network = ClientAddress.Network(context);
        if (misses.GetStatistics(network) is { CurrentAvailablePermits: 0 })
            return KernelErrors.RateLimited;
        if (SecretHash.OfToken(token) is { } hash
            && await db.FindAsync<OpenShare>(FindSql, new { Hash = hash.ToArray(), Now = clock.GetUtcNow() }, cancel) is { } share
            // Of somebody who was suspended, or is being erased, nothing is shown.
            && await people.FindAsync(share.Owner, cancel) is not null)
            return share;
        using var counted = misses.AttemptAcquire(network);
        return ChatErrors.ShareNotFound;
    }

    /// <summary>What the share shows, without its words; null when that was cut off or deleted.</summary>
    public async Task<ExportedTalk?> OpenAsync(OpenShare share, CancellationToken cancel)
        => await source.OpenAsync(share.Conversation.Value, share.Owner, new ExportChoice(Whole: false, share.End, Messages: null, share.Files, "en"), cancel) is { Places.Count: > 0 } talk
            ? talk : null;

    /// <summary>One page of what is shown, and how many there are.</summary>
    /// <param name="page">From 1.</param>
    public static (IReadOnlyList<ExportedPlace> Places, int Pages) PageOf(ExportedTalk talk, int page)
        => ([.. talk.Places.Skip((page - 1) * PageSize).Take(PageSize)], (talk.Places.Count + PageSize - 1) / PageSize);

    /// <param name="reader">Null when nobody is signed in.</param>
    public async Task CountViewAsync(OpenShare share, UserId? reader, CancellationToken cancel)
    {
        if (reader != share.Owner)
            await db.ExecuteAsync(ViewedSql, new { share.Id, Now = clock.GetUtcNow() }, cancel);
    }

    /// <summary>Some of its messages with their words.</summary>
    public async Task<IReadOnlyList<SharedMessage>> MessagesAsync(OpenShare share, ExportedTalk talk, IReadOnlyList<ExportedPlace> places, UserId? reader, CancellationToken cancel)
    {
        var keys = new { share.Id, Messages = places.Select(place => place.Id).ToArray(), Reader = reader ?? default };
        var comments = (share.Comments ? await db.QueryAsync<Comment>(CommentsSql, keys, cancel) : []).ToLookup(comment => comment.MessageId);
        var messages = new List<SharedMessage>(places.Count);
        // Read for nobody, so that the owner's marks do not come along.
        await foreach (var message in source.MessagesAsync(talk with { Places = places }, default, cancel))
        {
            // What is being written is shown when it is whole.
            if (message.Status != "streaming")
                messages.Add(Shown(share, message, [.. comments[new MessageId(message.Id)]]));
        }

        return messages;
    }

    public void Dispose() => misses.Dispose();

    static SharedMessage Shown(OpenShare share, ExportedMessage message, IReadOnlyList<Comment> comments)
    {
        var isEnd = message.Id == share.End;
        var kinds = share.Kinds;
        var parts = message.Parts.Take(isEnd ? share.EndParts ?? int.MaxValue : int.MaxValue).Where(part => kinds.Contains(part.Kind, StringComparer.Ordinal)).Select(Shown);
        return new SharedMessage(
            new MessageId(message.Id), message.Role, isEnd ? First(message.Text, share.EndLength) : message.Text, message.ModelId, message.CreatedAt, [.. parts], comments);
    }

    static SharedPart Shown(ExportedPart part)
    {
        var payload = PartJson.Read(part.Payload);
        if (part.Kind == "reasoning")
            return new SharedPart(part.Kind, payload.Text);
        if (part.Kind == "tool")
            return new SharedPart(part.Kind, Name: payload.Name, Arguments: payload.Arguments, Result: payload.Result);
        var file = part.AttachmentId is { } id
            ? new AttachmentView(new AttachmentId(id), part.Name ?? "", part.MediaType ?? "", part.SizeBytes ?? 0, part.Width, part.Height, HasThumbnail: false) : null;
        return new SharedPart(part.Kind, part.Said, File: file, Url: payload.Url);
    }

    /// <summary>So many characters as PostgreSQL counts them.</summary>
    static string First(string text, int? characters)
    {
        var at = 0;
        for (var left = characters ?? int.MaxValue; left > 0 && at < text.Length; left--)
            at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return text[..at];
    }
}
