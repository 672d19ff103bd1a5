using System.Globalization;
using System.Text;
using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Attachments;

/// <summary>
/// Takes in files: stored first and whole, then looked at, then written down with its place in the plan taken. A file that is refused, or
/// whose server dies in between, is on the watch list from the moment it is stored and goes with the next clean-up.
/// </summary>
internal sealed class AttachmentStore(Db db, IBlobStore blobs, AttachmentContents contents, IQuotas quotas, IOptions<AttachmentOptions> options, TimeProvider clock)
{
    public const string Uploaded = "uploaded";
    public const string Generated = "generated";

    const string WatchSql = "insert into chat.blob_watch (blob, since) values (@Blob, @Now) on conflict (blob) do update set since = excluded.since";

    const string InsertSql = """
        insert into chat.attachment (attachment_id, owner_id, origin, name, media_type, size_bytes, blob, thumbnail_blob, webp_blob, width, height, extracted, transcript, created_at)
        values (@Id, @Owner, @Origin, @Name, @MediaType, @SizeBytes, @Blob, @Thumbnail, @WebP, @Width, @Height, @Text, @Transcript, @Now)
        """;

    /// <param name="origin"><see cref="Uploaded"/> or <see cref="Generated"/>.</param>
    /// <param name="content">Untrusted, as the name is.</param>
    public async Task<Result<AttachmentView>> AddAsync(UserId owner, string origin, string? name, Stream content, CancellationToken cancel)
    {
        // Nothing is read from somebody whose plan is full already.
        if (await quotas.TryTakeAsync(null, owner, QuotaMeter.Storage, 0, cancel) is { } full)
            return full;
        var stored = await PutAsync(content, options.Value.MaxBytes, cancel);
        if (!stored.TryGet(out var blob, out var refused))
            return refused;
        if (blob.SizeBytes == 0)
            return ChatErrors.AttachmentEmpty;
        var cleanName = NameOf(name);
        var head = await HeadAsync(blob.Hash, cancel);
        var mediaType = MediaTypes.Of(head, cleanName);
        var size = MediaTypes.IsPicture(mediaType) ? ImageSize.Read(head, mediaType) : null;
        if (size is { } pixels && (long)pixels.Width * pixels.Height > options.Value.MaxPixels)
            return ChatErrors.ImageTooLarge.With("width", pixels.Width).With("height", pixels.Height);
        // A picture whose size cannot be read before it is unpacked is not one we unpack, nor hand to others as one.
        if (MediaTypes.IsPicture(mediaType) && size is null)
            mediaType = MediaTypes.Unknown;

        var thumbnail = size is null ? null : await KeepAsync(await contents.ThumbnailAsync(blob.Hash, cancel), cancel);
        var webP = size is null ? null : await KeepAsync(await contents.WebPForModelsAsync(blob, mediaType, cancel), cancel);
        var text = await contents.TextAsync(blob.Hash, mediaType, cancel);
        var view = new AttachmentView(Ids.New<AttachmentId>(clock), cleanName, mediaType, blob.SizeBytes, size?.Width, size?.Height, thumbnail is not null,
            MediaTypes.IsSound(mediaType) ? new TranscriptView(TranscriptView.Pending) : null);
        var row = new
        {
            view.Id,
            Owner = owner,
            Origin = origin,
            view.Name,
            view.MediaType,
            view.SizeBytes,
            Blob = blob.Hash.ToString(),
            Thumbnail = thumbnail?.ToString(),
            WebP = webP?.ToString(),
            view.Width,
            view.Height,
            Text = text,
            Transcript = view.Transcript?.State,
            Now = clock.GetUtcNow(),
        };
        var exhausted = await db.InTransactionAsync(async tx =>
        {
            if (await quotas.TryTakeAsync(tx, owner, QuotaMeter.Storage, blob.SizeBytes, cancel) is { } over)
                return over;
            await tx.ExecuteAsync(InsertSql, row, cancel);
            return null;
        }, cancel);
        return exhausted is null ? view : exhausted;
    }

    /// <summary>The name without its folder and without what could make it look like another.</summary>
    internal static string NameOf(string? name)
    {
        var clean = new StringBuilder();
        foreach (var rune in (name ?? "").EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
                clean.Append(rune.Value is '/' or '\\' ? "\0" : rune.ToString());
        }

        var last = clean.ToString().Split('\0')[^1].Trim(' ', '.');
        if (last.Length > 150)
        {
            var extension = Path.GetExtension(last);
            var kept = new StringInfo(last).SubstringByTextElements(0, Math.Min(100, new StringInfo(last).LengthInTextElements));
            last = extension.Length is > 0 and < 12 && !kept.EndsWith(extension, StringComparison.Ordinal) ? kept + extension : kept;
        }

        return last.Length == 0 ? "file" : last;
    }

    /// <summary>Stores a copy that was made; null stays null.</summary>
    public async Task<BlobHash?> KeepAsync(byte[]? copy, CancellationToken cancel)
    {
        if (copy is null)
            return null;
        using var stream = new MemoryStream(copy, writable: false);
        return (await PutAsync(stream, copy.Length, cancel)).TryGet(out var blob, out _) ? blob.Hash : null;
    }

    async Task<Result<BlobRef>> PutAsync(Stream content, long maxBytes, CancellationToken cancel)
    {
        var stored = await blobs.PutAsync(content, maxBytes, cancel);
        if (!stored.TryGet(out var blob, out var refused))
            return refused;
        // Waits for a clean-up that is looking at the same content; if that one has just removed it, the sender sends it again.
        await db.ExecuteAsync(WatchSql, new { Blob = blob.Hash.ToString(), Now = clock.GetUtcNow() }, cancel);
        return await blobs.ExistsAsync(blob.Hash, cancel) ? blob : ChatErrors.AttachmentTryAgain;
    }

    async Task<byte[]> HeadAsync(BlobHash blob, CancellationToken cancel)
    {
        await using var content = await blobs.OpenAsync(blob, new BlobRange(0, MediaTypes.HeadBytes), cancel)
            ?? throw new InvalidOperationException("A file that was just stored is not there.");
        var head = new byte[(int)content.LengthBytes];
        await content.Stream.ReadExactlyAsync(head, cancel);
        return head;
    }
}
