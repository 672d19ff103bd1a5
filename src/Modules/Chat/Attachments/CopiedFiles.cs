using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Attachments;

/// <summary>A file as it is held while it is copied, so that no clean-up takes the content from under the copy.</summary>
internal sealed record HeldFile(AttachmentId Id, long SizeBytes);

/// <summary>
/// What was somebody else's becomes one's own: by reference, as the same content is stored once, and counted against the plan of whoever takes it.
/// </summary>
/// <param name="Files">Those that were copied.</param>
/// <param name="Made">Their copies, in the same order.</param>
internal sealed record CopiedFiles(Guid[] Files, Guid[] Made)
{
    const string CopySql = """
        insert into chat.attachment (attachment_id, owner_id, origin, name, media_type, size_bytes, blob, thumbnail_blob, webp_blob, width, height, extracted,
            transcript, transcript_code, transcript_model, created_at)
        select n.made, @To, a.origin, a.name, a.media_type, a.size_bytes, a.blob, a.thumbnail_blob, a.webp_blob, a.width, a.height, a.extracted,
            a.transcript, a.transcript_code, a.transcript_model, @Now
        from unnest(@Files::uuid[], @Made::uuid[]) as n(id, made) join chat.attachment a on a.attachment_id = n.id
        """;

    /// <summary>Fails when the plan has no room for them.</summary>
    internal static async Task<Result<CopiedFiles>> TakeAsync(Tx tx, IReadOnlyList<HeldFile> files, UserId to, IQuotas quotas, TimeProvider clock, CancellationToken cancel)
    {
        if (files.Count == 0)
            return new CopiedFiles([], []);
        if (await quotas.TryTakeAsync(tx, to, QuotaMeter.Storage, files.Sum(file => file.SizeBytes), cancel) is { } full)
            return full;
        var copied = new CopiedFiles([.. files.Select(file => file.Id.Value)], [.. files.Select(_ => Ids.New(clock))]);
        await tx.ExecuteAsync(CopySql, new { To = to, Now = clock.GetUtcNow(), copied.Files, copied.Made }, cancel);
        return copied;
    }
}
