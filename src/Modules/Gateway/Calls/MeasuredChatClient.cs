using System.Diagnostics;
using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Calls;

/// <summary>What stands around every call: its trace, its times, and its usage row, written however it ends.</summary>
internal sealed class MeasuredChatClient(IChatClient inner, UserId user, Guid? providerId, string modelId, UsageRecorder recorder, TimeProvider clock)
    : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var activity = GatewayTelemetry.Activities.StartActivity("gateway.call");
        var call = new Measure(clock, modelId);
        try
        {
            await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveAsync(updates, call, cancellationToken))
            {
                call.Saw(updates.Current);
                yield return updates.Current;
            }
        }
        finally
        {
            // Also when the caller stopped reading: the iterator is disposed and ends here.
            await EndAsync(call, activity);
        }
    }

    static async ValueTask<bool> MoveAsync(IAsyncEnumerator<ChatResponseUpdate> updates, Measure call, CancellationToken cancel)
    {
        try
        {
            if (await updates.MoveNextAsync())
                return true;
            call.Outcome = Measure.Completed;
            return false;
        }
        catch (ModelCallException failure)
        {
            var told = call.FirstToken is null && failure.Error.Code != GatewayErrors.ContextTooLong.Code
                ? new ModelCallException(failure.Error.OfferingBasic(), failure.Blame, failure.RetryAfter, failure.InnerException)
                : failure;
            call.Fail(told.Error, told.Blame);
            throw ReferenceEquals(told, failure) ? failure : told;
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            call.Fail(KernelErrors.Unexpected, Blame.Server);
            throw;
        }
    }

    async ValueTask EndAsync(Measure call, Activity? activity)
    {
        var total = clock.GetElapsedTime(call.Began);
        activity?.SetTag("gateway.model", call.ModelId).SetTag("gateway.outcome", call.Outcome).SetTag("error.type", call.Error?.Code);
        if (call.Error is not null)
            activity?.SetStatus(ActivityStatusCode.Error);
        var builtIn = call.ModelId == GatewayErrors.BasicModel;
        GatewayTelemetry.CallEnded(total, call.FirstToken, call.Outcome, builtIn);
        await recorder.WriteAsync(new CallRecord(
            user, builtIn ? null : providerId, call.ModelId, call.StartedAt, call.Usage?.InputTokenCount, call.Usage?.OutputTokenCount,
            call.FirstToken, total, call.Outcome, call.Error, call.Blame));
    }

    sealed class Measure(TimeProvider clock, string asked)
    {
        internal const string Completed = "completed";

        internal long Began { get; } = clock.GetTimestamp();

        internal DateTimeOffset StartedAt { get; } = clock.GetUtcNow();

        internal TimeSpan? FirstToken { get; private set; }

        /// <summary>Who answered: the model that was asked, or the skills in front of it.</summary>
        internal string ModelId { get; private set; } = asked;

        internal UsageDetails? Usage { get; private set; }

        internal string Outcome { get; set; } = "cancelled";

        internal Error? Error { get; private set; }

        internal Blame? Blame { get; private set; }

        internal void Saw(ChatResponseUpdate update)
        {
            if (FirstToken is null && update.Contents.Count > 0)
                FirstToken = clock.GetElapsedTime(Began);
            ModelId = update.ModelId ?? ModelId;
            foreach (var content in update.Contents)
            {
                if (content is UsageContent usage)
                    Usage = usage.Details;
            }
        }

        internal void Fail(Error error, Blame blame) => (Outcome, Error, Blame) = ("failed", error, blame);
    }
}
