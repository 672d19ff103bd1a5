using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>A file that came along and is on the disk now.</summary>
internal sealed record StoredFile(Guid Id, ImportedFile File, string MediaType, BlobRef Blob);

/// <summary>Takes in the files that come with conversations. What they are is told by their bytes, not by their sender.</summary>
internal sealed class ImportFiles(IBlobStore blobs, TimeProvider clock)
{
    const long MaxFileBytes = 100 << 20;

    const string KnownSql = "select attachment_id from chat.attachment where attachment_id = any(@Ids) and owner_id = @Owner";

    const string InsertSql = """
        insert into chat.attachment (attachment_id, owner_id, origin, name, media_type, size_bytes, blob, width, height, extracted, transcript, created_at)
        values (@Id, @Owner, @Origin, @Name, @MediaType, @SizeBytes, @Blob, @Width, @Height, @Extracted, @Transcript, @CreatedAt)
        on conflict (attachment_id) do nothing
        """;

    const string PartSql = """
        insert into chat.message_part (message_id, ordinal, kind, at, attachment_id, payload)
        values (@Message, @Ordinal, @Kind, @At, @Attachment, @Payload::jsonb)
        on conflict do nothing
        """;

    /// <summary>The files by the id that their source gives them.</summary>
    public async Task<Dictionary<string, StoredFile>> StoreAsync(
        List<PlacedMessage> placed, ImportIds ids, ImportedTalk talk, ImportArchive? archive, UserId owner, CancellationToken cancel)
    {
        var stored = new Dictionary<string, StoredFile>(StringComparer.Ordinal);
        foreach (var (message, file) in placed.SelectMany(message => message.Message.Parts.Select(part => (message, part.File))))
        {
            if (file is null || stored.ContainsKey(file.SourceId))
                continue;
            await using var content = file.Content is { } bytes ? new MemoryStream(bytes, writable: false) : file.Path is { } path && archive is not null ? await archive.OpenAsync(path, cancel) : null;
            if (content is null)
            {
                talk.LeaveOut("files");
                continue;
            }

            var sniffed = new SniffingStream(content);
            if (!(await blobs.PutAsync(sniffed, MaxFileBytes, cancel)).TryGet(out var blob, out _))
            {
                talk.LeaveOut("files");
                continue;
            }

            var id = ids.Make(file.CreatedAt ?? message.CreatedAt, 0, "file", talk.SourceId, file.SourceId);
            stored[file.SourceId] = new StoredFile(id, file, sniffed.MediaTypeOr(file.MediaType), blob);
        }

        return stored;
    }

    /// <returns>How many files are new.</returns>
    public async Task<int> WriteAsync(
        Tx tx, List<PlacedMessage> fresh, Dictionary<string, StoredFile> stored, UserId owner, IQuotas quotas, ImportedTalk talk, CancellationToken cancel)
    {
        var known = stored.Count == 0 ? [] : (await tx.QueryAsync<Guid>(KnownSql, new { Ids = stored.Values.Select(file => file.Id).ToArray(), Owner = owner }, cancel)).ToHashSet();
        var count = 0;
        foreach (var message in fresh)
        {
            var ordinal = 0;
            foreach (var part in message.Message.Parts)
            {
                Guid? attachment = null;
                if (part.File is { } file)
                {
                    if (!stored.TryGetValue(file.SourceId, out var here) || !await AddAsync(tx, here, message, known, owner, quotas, talk, cancel))
                        continue;
                    count++;
                    attachment = here.Id;
                }

                var kind = part.Kind is "image" && attachment is not null && !stored[part.File!.SourceId].MediaType.StartsWith("image/", StringComparison.Ordinal) ? "file" : part.Kind;
                await tx.ExecuteAsync(PartSql, new { Message = message.Id, Ordinal = ordinal++, Kind = kind, part.At, Attachment = attachment, part.Payload }, cancel);
            }
        }

        return count;
    }

    async Task<bool> AddAsync(Tx tx, StoredFile file, PlacedMessage message, HashSet<Guid> known, UserId owner, IQuotas quotas, ImportedTalk talk, CancellationToken cancel)
    {
        if (known.Contains(file.Id))
            return true;
        if (await quotas.TryTakeAsync(tx, owner, QuotaMeter.Storage, file.Blob.SizeBytes, cancel) is not null)
        {
            talk.LeaveOut("storage");
            return false;
        }

        known.Add(file.Id);
        var name = file.File.Name.Length > 0 ? file.File.Name[..Math.Min(file.File.Name.Length, 200)] : "file";
        await tx.ExecuteAsync(InsertSql, new
        {
            file.Id,
            Owner = owner,
            file.File.Origin,
            Name = name,
            file.MediaType,
            file.Blob.SizeBytes,
            Blob = file.Blob.Hash.ToString(),
            file.File.Width,
            file.File.Height,
            file.File.Extracted,
            Transcript = !MediaTypes.IsSound(file.MediaType) ? null : file.File.Extracted is null ? TranscriptView.None : TranscriptView.Done,
            CreatedAt = file.File.CreatedAt ?? (message.CreatedAt < clock.GetUtcNow() ? message.CreatedAt : clock.GetUtcNow()),
        }, cancel);
        return true;
    }

    /// <summary>Remembers the first bytes that go by.</summary>
    sealed class SniffingStream(Stream inner) : ForwardStream
    {
        readonly byte[] first = new byte[16];
        int have;

        /// <summary>An image that a browser can show is what its bytes say; anything that claims to be one and is not is just bytes.</summary>
        public string MediaTypeOr(string claimed)
        {
            ReadOnlySpan<byte> bytes = first.AsSpan(0, have);
            if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']))
                return "image/png";
            if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
                return "image/jpeg";
            if (bytes.StartsWith("GIF8"u8))
                return "image/gif";
            if (bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8))
                return "image/webp";
            var plain = claimed.Length <= 100 && System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(claimed, out var type) ? type.MediaType! : "";
            return plain.Length == 0 || plain.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? "application/octet-stream" : plain;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            var more = Math.Min(read, first.Length - have);
            buffer.Span[..more].CopyTo(first.AsSpan(have));
            have += more;
            return read;
        }
    }
}
