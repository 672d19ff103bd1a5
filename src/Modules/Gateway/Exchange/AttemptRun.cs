using JeanTrail.Contracts.Gateway;
using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Gateway.Usage;

namespace JeanTrail.Gateway.Exchange;

/// <summary>A target whose turn it is, with the leave of its circuit.</summary>
/// <param name="Probe">It is the one call that tries whether the target is back.</param>
internal readonly record struct Turn(RouteTarget Target, bool Probe);

/// <summary>How far one call is in its plan. Two hedged tries report from their own threads.</summary>
internal sealed class AttemptRun(RoutePlan plan, GatewayCall call, CallEntry entry, TimeProvider clock)
{
    readonly long began = clock.GetTimestamp();
    readonly TimeSpan deadline = TimeSpan.FromSeconds(plan.Rule.DeadlineSeconds);
    readonly Lock gate = new();
    IReadOnlyList<RouteTarget> round = plan.Targets;
    HashSet<RouteTarget> again = [];
    int next;
    int rounds;

    internal GatewayCall Call { get; } = call;

    /// <summary>For the first piece of an answer; null for the server's own patience.</summary>
    internal TimeSpan? Patience { get; } = plan.Rule.FirstTokenSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    internal TimeSpan Elapsed => clock.GetElapsedTime(began);

    internal bool IsOver => Elapsed > deadline;

    internal Turn? NextTurn()
    {
        lock (gate)
        {
            while (next < round.Count)
            {
                var target = round[next++];
                if (target.Health.TryEnter(out var probe))
                    return new Turn(target, probe);
                // Who rests because it was asked too often said itself when it will answer.
                if (target.Health.Resting?.Error.Code == GatewayErrors.RateLimited.Code)
                    again.Add(target);
            }

            return null;
        }
    }

    /// <summary>Whether the same target is worth asking again, after a pause.</summary>
    internal void Failed(RouteTarget target, Fault fault)
    {
        if (!fault.MayRetry)
            return;
        lock (gate)
            again.Add(target);
    }

    /// <summary>
    /// Goes back to those that may answer yet, and tells how long to wait for the first of them. Null when there are none, or when they would
    /// be asked too late.
    /// </summary>
    /// <param name="firstPause">Each round doubles it.</param>
    internal TimeSpan? StartOver(TimeSpan firstPause)
    {
        lock (gate)
        {
            round = [.. round.Where(again.Contains)];
            (again, next) = ([], 0);
            if (round.Count == 0)
                return null;
            var backOff = firstPause * Math.Pow(2, rounds++) * (0.5 + Random.Shared.NextDouble());
            var pause = backOff + round.Min(target => target.Health.Resting?.Time ?? TimeSpan.Zero);
            return Elapsed + pause > deadline ? null : pause;
        }
    }

    internal Fault AllResting()
    {
        var (error, rest) = plan.Targets.Select(target => target.Health.Resting).Where(resting => resting is not null).MinBy(resting => resting!.Value.Time)
            ?? (GatewayErrors.Unreachable, TimeSpan.FromSeconds(1));
        return new Fault(error.With("retryAfterSeconds", (int)Math.Ceiling(rest.TotalSeconds)), Blame.Upstream, MayRetry: false, rest);
    }

    /// <summary>The books say who was asked last, also when nobody answered.</summary>
    internal void Begin(RouteTarget target) => entry.Answers(target.Provider, target.Id);

    internal void Note(CallAttempt attempt)
    {
        // The ledger reads on another thread.
        lock (entry.Attempts)
            entry.Attempts.Add(attempt);
    }
}
