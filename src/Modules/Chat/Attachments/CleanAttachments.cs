using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Attachments;

/// <summary>
/// Removes uploads that no message came to use, pictures past their time, and then, from the disk, the files nothing refers to any more.
/// </summary>
internal sealed class CleanAttachments(Db db, IBlobStore blobs, IQuotas quotas, IOptions<AttachmentOptions> options, TimeProvider clock) : IPeriodicTask
{
    // In steps, so that a large clean-up never holds its locks for long. Messages keep their part and say that the picture is gone.
    const string UnusedSql = """
        delete from chat.attachment where attachment_id in (
            select a.attachment_id from chat.attachment a
            where a.created_at < @Before and not exists (select from chat.message_part p where p.attachment_id = a.attachment_id)
            order by a.created_at limit 100 for update skip locked)
        returning owner_id, size_bytes
        """;

    const string AgedSql = """
        select attachment_id from chat.attachment where origin = 'generated' and created_at < @Before order by created_at limit 100 for update skip locked
        """;

    const string LetGoSql = """
        update chat.message_part set attachment_id = null, payload = payload || '{"state": "expired"}' where attachment_id = any(@Ids)
        """;

    const string ForgetSql = "delete from chat.attachment where attachment_id = any(@Ids) returning owner_id, size_bytes";

    const string WatchedSql = "select blob from chat.blob_watch where since < @Before order by since limit 200";

    const string StillUsed = "exists (select from chat.attachment a where a.blob = w.blob or a.thumbnail_blob = w.blob or a.webp_blob = w.blob)";
    const string UsedSql = "delete from chat.blob_watch w where w.blob = any(@Blobs) and " + StillUsed;
    const string UnusedBlobSql = "delete from chat.blob_watch w where w.blob = @Blob and w.since < @Before and not " + StillUsed;

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        while (await DropAsync(now, cancel) > 0)
            cancel.ThrowIfCancellationRequested();
        while (options.Value.KeepGeneratedFor > TimeSpan.Zero && await ExpireAsync(now, cancel) > 0)
            cancel.ThrowIfCancellationRequested();
        while (await SweepAsync(now, cancel) > 0)
            cancel.ThrowIfCancellationRequested();
    }

    Task<int> DropAsync(DateTimeOffset now, CancellationToken cancel) => db.InTransactionAsync(async tx =>
        await GiveBackAsync(tx, await tx.QueryAsync<Freed>(UnusedSql, new { Before = now - options.Value.KeepUnusedFor }, cancel), cancel), cancel);

    Task<int> ExpireAsync(DateTimeOffset now, CancellationToken cancel) => db.InTransactionAsync(async tx =>
    {
        var ids = (await tx.QueryAsync<AttachmentId>(AgedSql, new { Before = now - options.Value.KeepGeneratedFor }, cancel)).Select(id => id.Value).ToArray();
        if (ids.Length == 0)
            return 0;
        await tx.ExecuteAsync(LetGoSql, new { Ids = ids }, cancel);
        return await GiveBackAsync(tx, await tx.QueryAsync<Freed>(ForgetSql, new { Ids = ids }, cancel), cancel);
    }, cancel);

    async Task<int> GiveBackAsync(Tx tx, IReadOnlyList<Freed> freed, CancellationToken cancel)
    {
        foreach (var (owner, sizes) in freed.GroupBy(each => each.OwnerId).OrderBy(group => group.Key.Value).Select(group => (group.Key, group.Sum(each => each.SizeBytes))))
            await quotas.ReleaseAsync(tx, owner, QuotaMeter.Storage, sizes, cancel);
        return freed.Count;
    }

    async Task<int> SweepAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var before = now - options.Value.KeepBlobsFor;
        var watched = await db.QueryAsync<string>(WatchedSql, new { Before = before }, cancel);
        if (watched.Count == 0)
            return 0;
        await db.ExecuteAsync(UsedSql, new { Blobs = watched.ToArray() }, cancel);
        foreach (var blob in watched)
        {
            // The row stays locked until the file is gone: whoever stores the same content meanwhile waits, and looks again.
            await db.InTransactionAsync(async tx =>
            {
                if (await tx.ExecuteAsync(UnusedBlobSql, new { Blob = blob, Before = before }, cancel) == 1)
                    await blobs.DeleteAsync(BlobHash.Parse(blob), cancel);
            }, cancel);
        }

        return watched.Count;
    }

    sealed record Freed(UserId OwnerId, long SizeBytes);
}
