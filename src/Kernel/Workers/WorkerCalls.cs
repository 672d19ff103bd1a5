using System.Buffers.Binary;

namespace JeanTrail.Kernel.Workers;

/// <summary>The calls that one worker process is busy with, and why it takes no more.</summary>
internal sealed class WorkerCalls(TimeProvider clock, int window)
{
    readonly Lock gate = new();
    readonly Dictionary<uint, WorkerExchange> running = [];
    string? reason;
    uint lastCall;
    bool over;
    volatile bool doomed;

    /// <summary>The process was killed, or is told to stop.</summary>
    internal bool IsDoomed => doomed;

    /// <exception cref="WorkerLostException">It takes no more calls.</exception>
    internal WorkerExchange Begin()
    {
        lock (gate)
        {
            if (over || doomed)
                throw new WorkerLostException(reason ?? "The worker has ended.") { HadTheCall = false };
            var exchange = new WorkerExchange(++lastCall, clock.GetTimestamp(), window);
            running.Add(exchange.Id, exchange);
            return exchange;
        }
    }

    /// <summary>Takes no more calls; the first reason is the one that is told.</summary>
    internal void Doom(string why)
    {
        doomed = true;
        lock (gate)
            reason ??= why;
    }

    /// <summary>Ends all calls with the process, and tells why.</summary>
    internal string End(Func<string> otherwise)
    {
        WorkerExchange[] lost;
        string why;
        lock (gate)
        {
            over = true;
            why = reason ??= otherwise();
            lost = [.. running.Values];
            running.Clear();
        }

        foreach (var call in lost)
            call.End(new WorkerLostException(why));
        return why;
    }

    /// <summary>Whether one has made no progress for so long, and that is the worker's fault.</summary>
    internal bool IsStuck(TimeSpan timeout)
    {
        lock (gate)
            return running.Values.Any(call => !call.AwaitsCaller && clock.GetElapsedTime(call.LastProgress) > timeout);
    }

    /// <summary>Hands a frame to its call; why the worker must be killed for it, or null.</summary>
    internal string? Take(Frame frame)
    {
        WorkerExchange? exchange;
        lock (gate)
        {
            exchange = running.GetValueOrDefault(frame.CallId);
            if (frame.Type is FrameType.Result or FrameType.Failure)
                running.Remove(frame.CallId);
        }

        if (exchange is null)
            return null;
        exchange.LastProgress = clock.GetTimestamp();
        if (frame.Type == FrameType.Credit)
        {
            return frame.Payload.Length != sizeof(uint) || !exchange.GrantInput(BinaryPrimitives.ReadUInt32LittleEndian(frame.Payload.Span))
                ? "It said to have used more than it was given." : null;
        }

        if (exchange.Take(frame))
            return null;
        exchange.End(new WorkerLostException("The answer was not read in time."));
        return "The reader of a call was too slow.";
    }
}
