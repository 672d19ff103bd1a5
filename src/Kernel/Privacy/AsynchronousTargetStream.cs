namespace JeanTrail.Kernel.Privacy;

/// <summary>
/// Lets <see cref="System.IO.Compression.ZipArchive"/> write to an answer that takes asynchronous writes only: closing an entry writes its last
/// few bytes at once, which wait here for the next write.
/// </summary>
public sealed class AsynchronousTargetStream(Stream inner) : Stream
{
    readonly MemoryStream waiting = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => waiting.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => waiting.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await SendWaitingAsync(cancellationToken);
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush()
    {
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await SendWaitingAsync(cancellationToken);
        await inner.FlushAsync(cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        waiting.Dispose();
        base.Dispose(disposing);
    }

    async Task SendWaitingAsync(CancellationToken cancel)
    {
        if (waiting.Length == 0)
            return;
        await inner.WriteAsync(waiting.GetBuffer().AsMemory(0, (int)waiting.Length), cancel);
        waiting.SetLength(0);
    }
}
