using System.Collections.Concurrent;

namespace JeanTrail.Kernel.Workers;

/// <summary>A call failed in a way the worker can name.</summary>
/// <param name="code">A word such as <c>voice_unknown</c>.</param>
public sealed class WorkerCallException(string code, string detail) : Exception(detail)
{
    public string Code { get; } = code;
}

/// <summary>One call as the worker sees it. <see cref="Event"/> and <see cref="Chunk"/> may be used from any thread until the handler returns.</summary>
public sealed class WorkerCall
{
    readonly WorkerProgram program;

    internal WorkerCall(WorkerProgram program, Frame frame, CancellationToken cancelled)
    {
        this.program = program;
        Id = frame.CallId;
        Payload = frame.Payload;
        Cancelled = cancelled;
    }

    public uint Id { get; }

    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Set as soon as the server gives the call up.</summary>
    public CancellationToken Cancelled { get; }

    public void Event(ReadOnlySpan<byte> json) => program.Write(FrameType.Event, Id, json);

    public void Chunk(ReadOnlySpan<byte> bytes) => program.Write(FrameType.Chunk, Id, bytes);
}

/// <summary>
/// The worker's side of the protocol, for workers written in C# (they compile this folder's four protocol files in). Calls are
/// handled one after the other on the thread that runs <see cref="Serve"/>; pings and cancellations are answered by a second
/// thread meanwhile. When stdin ends, the server is gone and so is the worker: it exits without waiting for the handler.
/// </summary>
public sealed class WorkerProgram(Stream input, Stream output) : IDisposable
{
    readonly Lock writing = new();
    readonly Lock gate = new();
    readonly BlockingCollection<Frame> calls = new(boundedCapacity: 16);
    readonly HashSet<uint> cancelledEarly = [];
    CancellationTokenSource? running;
    uint runningId;

    /// <summary>Says why it cannot work. The caller exits afterwards.</summary>
    public void Refuse(string code, string detail) => Write(FrameType.Refusal, 0, Failure(code, detail));

    /// <summary>Takes calls until stdin ends. <paramref name="handle"/> returns the JSON of the result.</summary>
    /// <param name="hello">JSON for the server.</param>
    /// <param name="warmUp">Steps that make the first call faster; they run before it, and stop when it comes.</param>
    /// <param name="gone">Called on the reading thread when stdin has ended; normally exits the process.</param>
    public void Serve(ReadOnlySpan<byte> hello, Func<WorkerCall, byte[]> handle, Action gone, IEnumerable<Action>? warmUp = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentNullException.ThrowIfNull(gone);
        Write(FrameType.Hello, 0, hello);
        new Thread(() => Listen(gone)) { IsBackground = true, Name = "stdin" }.Start();
        foreach (var step in warmUp ?? [])
        {
            if (calls.Count > 0 || calls.IsAddingCompleted)
                break;
            step();
        }
        foreach (var frame in calls.GetConsumingEnumerable())
            Handle(frame, handle);
    }

    public void Dispose() => calls.Dispose();

    internal void Write(FrameType type, uint callId, ReadOnlySpan<byte> payload)
    {
        var bytes = FrameStream.Encode(type, callId, payload);
        lock (writing)
        {
            output.Write(bytes);
            output.Flush();
        }
    }

    void Listen(Action gone)
    {
        while (FrameStream.Read(input) is { } frame)
        {
            if (frame.Type == FrameType.Ping)
                Write(FrameType.Pong, 0, []);
            else if (frame.Type == FrameType.Call)
                calls.Add(frame);
            else if (frame.Type == FrameType.Cancel)
                Cancel(frame.CallId);
        }
        gone();
        calls.CompleteAdding();
    }

    void Cancel(uint id)
    {
        lock (gate)
        {
            if (runningId == id)
                running?.Cancel();
            else if (calls.Any(frame => frame.CallId == id))
                cancelledEarly.Add(id);
        }
    }

    void Handle(Frame frame, Func<WorkerCall, byte[]> handle)
    {
        using var source = new CancellationTokenSource();
        lock (gate)
        {
            (running, runningId) = (source, frame.CallId);
            if (cancelledEarly.Remove(frame.CallId))
                source.Cancel();
        }
        try
        {
            Write(FrameType.Result, frame.CallId, handle(new WorkerCall(this, frame, source.Token)));
        }
        catch (WorkerCallException failure)
        {
            Write(FrameType.Failure, frame.CallId, Failure(failure.Code, failure.Message));
        }
        finally
        {
            lock (gate)
                (running, runningId) = (null, 0);
        }
    }

    static byte[] Failure(string code, string detail)
        => System.Text.Encoding.UTF8.GetBytes(
            $"{{\"code\":\"{System.Text.Json.JsonEncodedText.Encode(code)}\",\"detail\":\"{System.Text.Json.JsonEncodedText.Encode(detail)}\"}}");
}
