using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Gateway.Usage;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Replies;

/// <summary>What the cache is asked.</summary>
internal sealed record CacheQuestion(RoutePlan Plan, GatewayCall Call, CallEntry Entry);

/// <summary>Goes upstream for an answer.</summary>
internal delegate Task<(ReplyBody? Reply, Fault? Fault)> AskUpstream(CancellationToken cancel);

/// <summary>
/// Answers from a kept reply where there is one, and otherwise goes upstream and keeps what comes. Of equal requests at the same time one
/// goes; the others wait and share its reply. When the one that went fails, they go themselves; when its caller left, one of them goes anew.
/// </summary>
internal sealed class ReplyCache(
    ReplyStore store, ReplyFlights flights, LikeQuestions likeness, ILedger ledger, IOptions<GatewayOptions> options, TimeProvider clock)
{
    internal async Task<(ReplyBody? Reply, Fault? Fault)> OpenAsync(CacheQuestion question, AskUpstream ask, OpenCall open, CancellationToken cancel)
    {
        if (ReplyRules.RuleOf(question.Plan.Rule, question.Call) is not { } rule)
            return await ask(cancel);
        var lookup = new Lookup(question, rule, ReplyKey.OfRequest(question.Plan, question.Call), store.Epoch, ask, open);
        if (question.Call.Cache == CacheUse.Refresh)
            return await RecordAsync(lookup, flight: null, await MeasureAsync(lookup, cancel), cancel);

        question.Entry.Cache = "miss";
        while (true)
        {
            if (await store.FindAsync(lookup.Key, cancel) is { } found)
                return (Replay(lookup, found, "hit"), null);
            var flight = flights.Join(lookup.Key, out var leads);
            if (leads)
                return await LeadAsync(lookup, flight, cancel);
            var landing = await flight.WaitAsync(cancel);
            if (landing.Reply is { } shared)
                return (Replay(lookup, shared, landing.How), null);
            if (!landing.Abandoned)
                return await RecordAsync(lookup, flight: null, mark: null, cancel);
        }
    }

    async Task<(ReplyBody? Reply, Fault? Fault)> LeadAsync(Lookup lookup, ReplyFlight flight, CancellationToken cancel)
    {
        try
        {
            // Another flight may have landed between the look and the start of this one.
            if (store.FindInMemory(lookup.Key) is { } found)
                return (Land(lookup, flight, found, "hit"), null);
            var mark = await MeasureAsync(lookup, cancel);
            if (mark is not null && await likeness.FindAsync(mark, lookup.Rule.Similarity!.Value, cancel) is { } like)
                return (Land(lookup, flight, like, "semantic"), null);
            return await RecordAsync(lookup, flight, mark, cancel);
        }
        catch
        {
            if (cancel.IsCancellationRequested)
                flight.Abandon();
            else
                flight.Fail();
            throw;
        }
    }

    ValueTask<LikenessMark?> MeasureAsync(Lookup lookup, CancellationToken cancel)
        => lookup.Rule.Similarity is null ? default : new(likeness.MeasureAsync(lookup.Question.Plan, lookup.Question.Call, lookup.Rule, lookup.Open, cancel));

    async Task<(ReplyBody? Reply, Fault? Fault)> RecordAsync(Lookup lookup, ReplyFlight? flight, LikenessMark? mark, CancellationToken cancel)
    {
        var (reply, fault) = await lookup.Ask(cancel);
        if (reply is null)
        {
            flight?.Fail();
            return (null, fault);
        }

        var recorder = new ReplyRecorder(lookup.Question.Call.Surface, reply.Streamed, options.Value.ReplyMaxBytes);
        return (new RecordedReply(reply, recorder, flight, body => Keep(lookup, mark, body)), null);
    }

    StoredReply? Keep(Lookup lookup, LikenessMark? mark, ReadOnlyMemory<byte> body)
    {
        var ((plan, call, entry), now) = (lookup.Question, clock.GetUtcNow());
        if (!ReplyRules.MayKeep(call.Surface, call.Shape, body))
            return null;
        var reply = new StoredReply(
            lookup.Key, ReplyKey.TenantOf(call.Consumer), plan.Name, call.Surface.Name(), entry.ModelId!, body, ledger.CostMicros(entry),
            now, now + TimeSpan.FromSeconds(lookup.Rule.LifetimeSeconds))
        { Likeness = mark };
        store.Put(reply, lookup.Epoch);
        return reply;
    }

    ReplayedReply Land(Lookup lookup, ReplyFlight flight, StoredReply reply, string how)
    {
        flight.Land(reply, how);
        return Replay(lookup, reply, how);
    }

    ReplayedReply Replay(Lookup lookup, StoredReply reply, string how)
    {
        store.Hit(reply.Key);
        var replay = new ReplayedReply(reply, lookup.Question.Call, clock.GetUtcNow() - reply.CreatedAt);
        var entry = lookup.Question.Entry;
        (entry.Cache, entry.ModelId, entry.Facts) = (how, reply.ModelId, replay.Facts);
        return replay;
    }

    sealed record Lookup(CacheQuestion Question, RouteCache Rule, ReplyKey Key, int Epoch, AskUpstream Ask, OpenCall Open);
}
