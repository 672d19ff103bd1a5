using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>
/// Keeps uploads until they are read. Blobs are shared by their content, so each upload ends with its own id: no other thing has the same
/// bytes, and deleting it takes nothing from anybody.
/// </summary>
internal sealed class ImportUpload(IBlobStore blobs)
{
    const int SaltBytes = 16;

    public async Task<Result<BlobRef>> PutAsync(Guid import, Stream body, long maxBytes, CancellationToken cancel)
    {
        await using var salted = new Followed(body, import.ToByteArray());
        return (await blobs.PutAsync(salted, maxBytes + SaltBytes, cancel)).TryGet(out var blob, out var error)
            ? blob with { SizeBytes = blob.SizeBytes - SaltBytes }
            : error;
    }

    /// <summary>The upload as it came, able to seek; null when it is not there any more.</summary>
    public async Task<Stream?> OpenAsync(string blob, CancellationToken cancel)
    {
        if (!BlobHash.TryParse(blob, out var hash) || await blobs.OpenAsync(hash, null, cancel) is not { } content)
            return null;
        if (content.Stream.CanSeek)
            return new Window(content.Stream, content.TotalBytes - SaltBytes);
        // A store elsewhere gives a stream that only goes forward; archives are read from their end.
        var copy = NamelessFile.Open();
        await using (content)
            await content.Stream.CopyToAsync(copy, cancel);
        return new Window(copy, content.TotalBytes - SaltBytes);
    }

    public async Task DeleteAsync(string? blob, CancellationToken cancel)
    {
        if (BlobHash.TryParse(blob, out var hash))
            await blobs.DeleteAsync(hash, cancel);
    }

    /// <summary>A stream and a few bytes after it.</summary>
    sealed class Followed(Stream inner, byte[] tail) : ForwardStream
    {
        int told;
        bool ended;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!ended)
            {
                var read = await inner.ReadAsync(buffer, cancellationToken);
                if (read > 0 || buffer.Length == 0)
                    return read;
                ended = true;
            }

            var rest = Math.Min(buffer.Length, tail.Length - told);
            tail.AsSpan(told, rest).CopyTo(buffer.Span);
            told += rest;
            return rest;
        }
    }

    /// <summary>The first so many bytes of a stream, which it owns.</summary>
    sealed class Window(Stream inner, long length) : ForwardStream
    {
        public override bool CanSeek => true;

        public override long Length => length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => inner.ReadAsync(buffer[..(int)Math.Clamp(length - inner.Position, 0, buffer.Length)], cancellationToken);

        public override int Read(Span<byte> buffer) => inner.Read(buffer[..(int)Math.Clamp(length - inner.Position, 0, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin)
            => inner.Seek(origin == SeekOrigin.End ? length + offset : offset, origin == SeekOrigin.End ? SeekOrigin.Begin : origin);

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>A stream that is read asynchronously, and nothing else unless it says so.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
