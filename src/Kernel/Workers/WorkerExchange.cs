using System.Text.Json;
using System.Threading.Channels;

namespace JeanTrail.Kernel.Workers;

/// <summary>What a worker sent for a call.</summary>
public enum WorkerMessageKind
{
    /// <summary>JSON on the way.</summary>
    Event,

    /// <summary>Bytes on the way.</summary>
    Chunk,

    /// <summary>The last message: JSON.</summary>
    Result,
}

/// <param name="Payload">Valid for as long as the reader likes.</param>
public readonly record struct WorkerMessage(WorkerMessageKind Kind, ReadOnlyMemory<byte> Payload);

/// <summary>One call on one worker process, from the server's side.</summary>
/// <param name="window">Unread messages after which the worker waits; 0 when it does not.</param>
internal sealed class WorkerExchange(uint id, long startedAt, int window = 0)
{
    /// <summary>Ten minutes of speech. When it is full its reader is too slow to be helped: the call fails and the worker is freed.</summary>
    const int Capacity = 16_384;

    /// <summary>Inputs that are on the way at the same time.</summary>
    const int InputWindow = 8;

    readonly Channel<WorkerMessage> messages = Channel.CreateBounded<WorkerMessage>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });

    readonly TaskCompletionSource finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One for each input that is on the way.</summary>
    readonly Channel<bool> inputs = Channel.CreateBounded<bool>(InputWindow);

    int read;
    bool awaitsInput;

    public uint Id => id;

    /// <summary>Whether the next step is the caller's, who has to read or to say more, so that a pause is not the worker's fault.</summary>
    public bool AwaitsCaller => messages.Reader.Count > 0 || Volatile.Read(ref awaitsInput);

    /// <summary>Set while the caller is asked for the call's next input.</summary>
    public bool AwaitsInput { set => Volatile.Write(ref awaitsInput, value); }

    /// <summary>Notes that a message was read; how much credit the worker is to get for it and those before, 0 to wait for more.</summary>
    public uint NoteRead()
    {
        if (window == 0 || ++read < Math.Max(1, window / 2))
            return 0;
        var credit = (uint)read;
        read = 0;
        return credit;
    }

    /// <summary>Done when the worker has room for one more input.</summary>
    public ValueTask InputRoomAsync(CancellationToken cancel) => inputs.Writer.WriteAsync(item: true, cancel);

    /// <summary>The worker has used some input; false when it says so of more than it was given.</summary>
    public bool GrantInput(uint count)
    {
        for (; count > 0; count--)
        {
            if (!inputs.Reader.TryRead(out _))
                return false;
        }

        return true;
    }

    public ChannelReader<WorkerMessage> Messages => messages.Reader;

    /// <summary>Done when the worker has closed the call or is gone.</summary>
    public Task Finished => finished.Task;

    /// <summary>Clock timestamp of the last sign of progress.</summary>
    public long LastProgress { get; set; } = startedAt;

    /// <summary>Takes a frame of this call; false when the reader lets too much pile up.</summary>
    public bool Take(Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Event:
                return messages.Writer.TryWrite(new WorkerMessage(WorkerMessageKind.Event, frame.Payload));
            case FrameType.Chunk:
                return messages.Writer.TryWrite(new WorkerMessage(WorkerMessageKind.Chunk, frame.Payload));
            case FrameType.Result:
                var taken = messages.Writer.TryWrite(new WorkerMessage(WorkerMessageKind.Result, frame.Payload));
                End(taken ? null : new WorkerLostException("The answer was not read in time."));
                return taken;
            default:
                End(ReadFailure(frame.Payload));
                return true;
        }
    }

    public void End(Exception? error)
    {
        messages.Writer.TryComplete(error);
        finished.TrySetResult();
    }

    internal static WorkerFailureException ReadFailure(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new WorkerFailureException(
                document.RootElement.GetProperty("code").GetString() ?? "unknown", document.RootElement.GetProperty("detail").GetString() ?? "");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new WorkerFailureException("unknown", "The worker gave no reason that could be read.");
        }
    }
}
