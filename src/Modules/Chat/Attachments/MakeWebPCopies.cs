using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Attachments;

/// <summary>Makes the WebP copies of pictures, one after the other, beside everything else. One that cannot be made is not tried again.</summary>
internal sealed class MakeWebPCopies(Db db, AttachmentStore store, AttachmentContents contents, IOptions<AttachmentOptions> options) : IPeriodicTask
{
    const string NextSql = """
        select attachment_id as id, blob from chat.attachment
        where width is not null and webp_blob is null and media_type <> 'image/webp' and not webp_tried order by created_at limit 1
        """;

    const string SaveSql = "update chat.attachment set webp_blob = @WebP, webp_tried = true where attachment_id = @Id";

    public async Task RunAsync(CancellationToken cancel)
    {
        while (await db.FindAsync<Next>(NextSql, null, cancel) is { } next)
        {
            var copy = await store.KeepAsync(await contents.WebPAsync(BlobHash.Parse(next.Blob), options.Value.CopyTimeout, cancel), cancel);
            await db.ExecuteAsync(SaveSql, new { next.Id, WebP = copy?.ToString() }, cancel);
        }
    }

    sealed record Next(AttachmentId Id, string Blob);
}
