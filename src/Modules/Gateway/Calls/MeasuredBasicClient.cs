using System.Diagnostics;
using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Basic;
using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Limits;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Calls;

/// <summary>The built-in engine with its trace, its times and its place in the books. What a connected model answers is the exchange's to book.</summary>
/// <param name="route">What was asked for: the engine itself, or the model it answered in front of.</param>
internal sealed class MeasuredBasicClient(BasicChatClient basic, Consumer consumer, string route, ILedger ledger, TimeProvider clock) : DelegatingChatClient(basic)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => BookAsync(base.GetStreamingResponseAsync(messages, options, cancellationToken), NewEntry(), clock.GetTimestamp(), cancellationToken);

    /// <inheritdoc cref="BasicChatClient.TryAnswerAsync"/>
    internal async Task<IAsyncEnumerable<ChatResponseUpdate>?> TryAnswerAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancel)
    {
        var (call, began) = (NewEntry(), clock.GetTimestamp());
        return await basic.TryAnswerAsync(messages, options, cancel) is { } answer ? BookAsync(answer.ToAsyncEnumerable(), call, began, cancel) : null;
    }

    async IAsyncEnumerable<ChatResponseUpdate> BookAsync(
        IAsyncEnumerable<ChatResponseUpdate> answer, CallEntry call, long began, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var activity = GatewayTelemetry.Activities.StartActivity("gateway.call");
        ledger.Open(call);
        try
        {
            await using var updates = answer.GetAsyncEnumerator(cancel);
            while (await MoveAsync(updates, call, cancel))
            {
                if (call.FirstByte is null && updates.Current.Contents.Count > 0)
                    call.FirstByte = clock.GetElapsedTime(began);
                yield return updates.Current;
            }
        }
        finally
        {
            // Also when the caller stopped reading: the iterator is disposed and ends here.
            call.Outcome ??= CallOutcomes.Cancelled;
            call.Total = clock.GetElapsedTime(began);
            activity?.SetTag("gateway.model", call.ModelId).SetTag("gateway.outcome", call.Outcome).SetTag("error.type", call.Error?.Code);
            if (call.Error is not null)
                activity?.SetStatus(ActivityStatusCode.Error);
            GatewayTelemetry.CallEnded(call.Total, call.FirstByte, call.Outcome, provider: "jean", route: "");
            ledger.Close(call);
        }
    }

    static async ValueTask<bool> MoveAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CallEntry call, CancellationToken cancel)
    {
        try
        {
            if (await updates.MoveNextAsync())
                return true;
            (call.Outcome, call.Status, call.Facts.Finished) = (CallOutcomes.Completed, 200, true);
            return false;
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            (call.Outcome, call.Error, call.Blame, call.Status) = (CallOutcomes.Failed, KernelErrors.Unexpected, Blame.Server, KernelErrors.Unexpected.Status);
            throw;
        }
    }

    /// <summary>The engine counts no tokens.</summary>
    CallEntry NewEntry() => new()
    {
        Id = Ids.New(clock),
        Consumer = consumer,
        Surface = Surface.ChatCompletions,
        Route = route,
        StartedAt = clock.GetUtcNow(),
        TraceId = GatewayCall.CurrentTrace(),
        Streamed = true,
        ModelId = GatewayErrors.BasicModel,
    };
}
