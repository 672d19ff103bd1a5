using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;

namespace JeanTrail.Voice.Hearing;

/// <summary>A WebSocket that takes audio and tells what is heard in it: audio is read no faster than it is taken, and what is wrong with it ends it.</summary>
internal sealed class AudioLine : IAsyncDisposable
{
    /// <summary>The last message when all went well.</summary>
    /// <param name="DurationMs">Of all that was sent.</param>
    internal sealed record Done(int DurationMs)
    {
        public string Type => "done";
    }

    /// <summary>The last message otherwise. A browser is not told the status of a WebSocket that is refused, so it is opened first and told why.</summary>
    internal sealed record Failed(string Code, int Status, string Detail)
    {
        public string Type => "failed";
    }

    internal enum Refusal
    {
        TooLong,
        Invalid,

        /// <summary>Nothing came for too long.</summary>
        Stalled,
    }

    /// <summary>One second; what a microphone gives at once is less.</summary>
    const int PieceBytes = HeardSamples.BytesPerSecond;

    readonly WebSocket socket;
    readonly TimeSpan stall;
    readonly long mostBytes;
    readonly CancellationTokenSource gone;

    /// <summary>Reading goes on when its wait is over: calling it off would break the socket, over which the reason is still to be told.</summary>
    Task<WebSocketReceiveResult>? reading;

    internal AudioLine(WebSocket socket, TimeSpan stall, long mostBytes, CancellationToken aborted)
    {
        (this.socket, this.stall, this.mostBytes) = (socket, stall, mostBytes);
        gone = CancellationTokenSource.CreateLinkedTokenSource(aborted);
    }

    /// <summary>Cancelled when the other side has hung up, or may not be here any more.</summary>
    internal CancellationToken Gone => gone.Token;

    /// <summary>Of audio, so far.</summary>
    internal long Bytes { get; private set; }

    internal Refusal? Refused { get; private set; }

    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> AudioAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (true)
        {
            var piece = new byte[PieceBytes];
            if (await ReadAsync(piece, cancel) is not { } result)
                yield break;
            if (result.MessageType == WebSocketMessageType.Text)
            {
                if (!result.EndOfMessage || !piece.AsSpan(0, result.Count).SequenceEqual("end"u8))
                    Refused = Refusal.Invalid;
                yield break;
            }

            Bytes += result.Count;
            if (Bytes > mostBytes)
                Refused = Refusal.TooLong;
            else if (result.EndOfMessage && Bytes % sizeof(short) != 0)
                Refused = Refusal.Invalid;
            if (Refused is not null)
                yield break;
            if (result.Count > 0)
                yield return piece.AsMemory(0, result.Count);
        }
    }

    /// <summary>Null when nothing comes any more.</summary>
    async Task<WebSocketReceiveResult?> ReadAsync(byte[] piece, CancellationToken cancel)
    {
        try
        {
            reading = socket.ReceiveAsync(piece, Gone);
            var result = await reading.WaitAsync(stall, cancel);
            reading = null;
            if (result.MessageType != WebSocketMessageType.Close)
                return result;
        }
        catch (TimeoutException)
        {
            Refused = Refusal.Stalled;
            return null;
        }
        catch (WebSocketException)
        {
            // Cut off, as below.
        }

        // Without having said that this was all: nobody wants what was said.
        await gone.CancelAsync();
        Gone.ThrowIfCancellationRequested();
        return null;
    }

    internal async Task TellAsync<T>(T message)
    {
        try
        {
            await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, KernelJson.Options), WebSocketMessageType.Text, endOfMessage: true, Gone);
        }
        catch (WebSocketException)
        {
            await gone.CancelAsync();
            Gone.ThrowIfCancellationRequested();
        }
    }

    internal async Task EndAsync()
    {
        await TellAsync(new Done((int)(Bytes * 1000 / PieceBytes)));
        await CloseAsync(WebSocketCloseStatus.NormalClosure);
    }

    internal async Task FailAsync(Error error)
    {
        await TellAsync(new Failed(error.Code, error.Status, error.Detail));
        await CloseAsync(WebSocketCloseStatus.PolicyViolation);
    }

    public async ValueTask DisposeAsync()
    {
        // What is still being read holds the socket; its end is nobody's business any more.
        socket.Abort();
        if (reading is not null)
            await reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        gone.Dispose();
    }

    /// <summary>Waits for the other side's answer as long as for audio: a socket that is broken off at once may take the last words with it.</summary>
    async Task CloseAsync(WebSocketCloseStatus status)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Gone);
        patience.CancelAfter(stall);
        try
        {
            await socket.CloseOutputAsync(status, statusDescription: null, patience.Token);
            var rest = new byte[PieceBytes];
            if (reading is not null)
                await reading.WaitAsync(patience.Token);
            while (socket.State == WebSocketState.CloseSent)
                await socket.ReceiveAsync(rest, patience.Token);
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException)
        {
            // All was said; who did not wait for it did not want it.
        }
    }
}
