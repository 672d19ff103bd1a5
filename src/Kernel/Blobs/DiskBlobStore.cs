using System.Buffers;
using System.Security.Cryptography;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Blobs;

/// <summary>
/// Blobs below one folder, spread over two levels: <c>ab/cd/abcd…</c>. A blob is written to a temporary file beside them, flushed to the
/// disk, then renamed to its place: whoever finds it finds it whole, also after a power cut.
/// </summary>
internal sealed class DiskBlobStore : IBlobStore
{
    const int BufferBytes = 128 * 1024;
    const string Incoming = ".incoming";

    /// <summary>A temporary file this old belongs to a process that died.</summary>
    static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    readonly string root;
    readonly TimeProvider clock;
    readonly Func<string, Stream> createFile;

    /// <param name="root">Created when missing.</param>
    /// <param name="createFile">Opens the temporary file; tests put a failing disk here.</param>
    internal DiskBlobStore(string root, TimeProvider clock, Func<string, Stream>? createFile = null)
    {
        this.root = Path.GetFullPath(root);
        this.clock = clock;
        this.createFile = createFile ?? (path => new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        }));
        Directory.CreateDirectory(Path.Combine(this.root, Incoming));
        RemoveAbandoned();
    }

    public async Task<Result<BlobRef>> PutAsync(Stream content, long maxBytes, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        var temporary = Path.Combine(root, Incoming, Ids.New(clock).ToString("N"));
        try
        {
            var written = await WriteAsync(content, temporary, maxBytes, cancel);
            if (written is { } blob)
            {
                Publish(temporary, blob);
                return blob;
            }

            return BlobErrors.TooLarge;
        }
        catch (IOException failure) when (ErrorMapping.IsDiskFull(failure))
        {
            throw new DiskFullException(failure);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public Task<BlobContent?> OpenAsync(BlobHash hash, BlobRange? range, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var (offset, length) = (range?.Offset ?? 0, range?.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(offset, nameof(range));
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(range));
        FileStream file;
        try
        {
            // FileShare.Delete: a deletion does not wait for readers.
            file = new FileStream(PathOf(hash), new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous,
            });
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<BlobContent?>(null);
        }

        var total = file.Length;
        var start = Math.Min(offset, total);
        var served = Math.Min(length ?? long.MaxValue, total - start);
        file.Seek(start, SeekOrigin.Begin);
        Stream stream = start + served == total ? file : new BoundedReadStream(file, served);
        return Task.FromResult<BlobContent?>(new BlobContent(stream, start, served, total));
    }

    public Task<bool> ExistsAsync(BlobHash hash, CancellationToken cancel) => Task.FromResult(File.Exists(PathOf(hash)));

    public Task<bool> DeleteAsync(BlobHash hash, CancellationToken cancel)
    {
        var path = PathOf(hash);
        if (!File.Exists(path))
            return Task.FromResult(false);
        File.Delete(path);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
        return Task.FromResult(true);
    }

    async Task<BlobRef?> WriteAsync(Stream content, string path, long maxBytes, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await using var file = createFile(path);
            long size = 0;
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferBytes), cancel)) > 0)
            {
                size += read;
                if (size > maxBytes)
                    return null;
                sha.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancel);
            }

            if (file is FileStream onDisk)
                onDisk.Flush(flushToDisk: true);
            else
                await file.FlushAsync(cancel);
            return new BlobRef(BlobHash.Parse(Convert.ToHexStringLower(sha.GetHashAndReset())), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void Publish(string temporary, BlobRef blob)
    {
        var path = PathOf(blob.Hash);

        // Same hash and same size is the same content. Another size is a damaged file, which the new one replaces.
        if (new FileInfo(path) is { Exists: true } present && present.Length == blob.SizeBytes)
            return;
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DirectorySync.Flush(Path.GetDirectoryName(folder)!);
            DirectorySync.Flush(root);
        }

        File.Move(temporary, path, overwrite: true);
        DirectorySync.Flush(folder);
        KernelMetrics.BlobBytes.Add(blob.SizeBytes);
    }

    void RemoveAbandoned()
    {
        var before = clock.GetUtcNow() - Abandoned;
        foreach (var file in new DirectoryInfo(Path.Combine(root, Incoming)).EnumerateFiles())
        {
            if (file.LastWriteTimeUtc < before.UtcDateTime)
                file.Delete();
        }
    }

    string PathOf(BlobHash hash)
    {
        var hex = hash.ToString();
        return Path.Combine(root, hex[..2], hex[2..4], hex);
    }
}
