using System.Buffers;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Traces;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Gateway.Exchange;

/// <summary>
/// The door of every call to a model, from outside and from within: it goes its way (<see cref="CallWay"/>), and is passed on, settled and
/// written down, however it ends.
/// </summary>
internal sealed class ModelExchange(CallWay way, BodyArchive bodies, ILedger ledger, TimeProvider clock)
{
    /// <summary>An answer from its first to its last byte.</summary>
    /// <exception cref="ModelCallException">There is none.</exception>
    internal async Task<ReadOnlyMemory<byte>> AskAsync(GatewayCall call, CancellationToken cancel)
    {
        var (opened, fault) = await OpenAsync(call, cancel);
        if (opened is null)
            throw fault!.ToException();
        await using var reply = opened;
        var whole = new ArrayBufferWriter<byte>();
        await foreach (var frame in reply.FramesAsync(cancel))
            whole.Write(frame.Span);
        return whole.WrittenMemory;
    }

    /// <summary>An answer that has begun, or why there is none. The caller disposes of the answer, read to its end or not.</summary>
    internal async Task<(ExchangeReply? Reply, Fault? Fault)> OpenAsync(GatewayCall call, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        var entry = new CallEntry
        {
            Id = Ids.New(clock),
            Consumer = call.Consumer,
            Surface = call.Surface,
            Route = call.Shape.Model,
            StartedAt = clock.GetUtcNow(),
            TraceId = call.TraceId,
            Streamed = call.Shape.Stream,
            EstimatedInputTokens = call.Shape.EstimatedInputTokens,
        };
        ledger.Open(entry);
        var closing = new Closing(entry, ledger, clock, began);
        try
        {
            var (reply, fault) = await way.AskAsync(call, entry, closing, OpenAsync, cancel);
            closing.Recording = closing.Kept is { } kept ? bodies.Begin(kept, entry) : null;
            if (reply is not null)
                return (new ExchangeReply(reply, entry, closing, clock, began), null);
            closing.Fail(fault!.Error, fault.Blame);
            closing.Close();
            return (null, fault);
        }
        catch (Exception failure)
        {
            if (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
                closing.Fail(KernelErrors.Unexpected, Blame.Server);
            closing.Close();
            throw;
        }
    }
}
