using System.Buffers;
using JeanTrail.Contracts.Models;

namespace JeanTrail.Gateway.Local;

/// <summary>
/// The pieces of an answer as the bytes of a response: server-sent events, or one body. Nothing runs ahead of its reader but what the engine
/// lets pile up.
/// </summary>
/// <param name="events">False gives the whole answer as a body.</param>
internal sealed class LocalReplyStream(IAsyncEnumerator<LocalPiece> pieces, bool events) : Stream
{
    readonly ArrayBufferWriter<byte> waiting = new(1024);
    int taken;
    bool begun;
    bool ended;
    int disposed;
    Task pending = Task.CompletedTask;

    static ReadOnlySpan<byte> Data => "data: "u8;

    static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    static ReadOnlySpan<byte> Alive => ": \n\n"u8;

    static ReadOnlySpan<byte> EndOfEvent => "\n\n"u8;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Done when the model has said anything: a failure before that is one of the request.</summary>
    /// <exception cref="LocalModelException">It failed.</exception>
    internal Task BeginAsync()
    {
        begun = true;
        return TakeAsync().AsTask();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (waiting.WrittenCount == taken)
        {
            if (ended)
                return 0;
            waiting.ResetWrittenCount();
            taken = 0;
            cancellationToken.ThrowIfCancellationRequested();
            await TakeAsync();
        }

        var read = Math.Min(buffer.Length, waiting.WrittenCount - taken);
        waiting.WrittenSpan.Slice(taken, read).CopyTo(buffer.Span);
        taken += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override async ValueTask DisposeAsync()
    {
        await EndAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        // A response can only be let go of synchronously; the model is told, and nobody waits until it has heard.
        if (disposing)
            _ = EndAsync();
        base.Dispose(disposing);
    }

    async Task EndAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;
        try
        {
            // An enumerator cannot be disposed of while it moves; whoever gives it up has cancelled it.
            await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await pieces.DisposeAsync();
        }
        catch (Exception failure) when (failure is LocalModelException or OperationCanceledException)
        {
            // What it would have told nobody wants to know any more.
        }
    }

    async ValueTask TakeAsync()
    {
        var move = pieces.MoveNextAsync().AsTask();
        pending = move;
        if (!await move)
        {
            ended = true;
            if (events && begun)
                waiting.Write(Done);
            return;
        }

        var piece = pieces.Current;
        if (piece.Kind == LocalPieceKind.Progress)
        {
            // Keeps whoever watches over silence from giving up; a body may begin with white space.
            waiting.Write(events ? Alive : " "u8);
            return;
        }

        if (events)
            waiting.Write(Data);
        waiting.Write(piece.Json.Span);
        if (events)
            waiting.Write(EndOfEvent);
    }
}
