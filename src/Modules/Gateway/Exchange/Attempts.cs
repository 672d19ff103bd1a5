using JeanTrail.Gateway.Routes;
using JeanTrail.Gateway.Upstream;
using JeanTrail.Gateway.Usage;
using JeanTrail.Kernel.Errors;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Exchange;

/// <summary>
/// Asks the targets of a plan until one begins to answer: the next one at once when a target failed, the same one again after a pause when
/// there is no other, and two side by side where the route hedges.
/// </summary>
internal sealed class Attempts(TargetCalls targets, IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>The first answer that began, or why the last target did not answer.</summary>
    internal async Task<(UpstreamReply? Reply, Fault? Fault)> RunAsync(RoutePlan plan, GatewayCall call, CallEntry entry, CancellationToken cancel)
    {
        var run = new AttemptRun(plan, call, entry, clock);
        RouteTarget? before = null;
        Fault? fault = null;
        for (var attempt = 1; attempt <= plan.Rule.MaxAttempts && (attempt == 1 || !run.IsOver); attempt++)
        {
            if (await NextTurnAsync(run, cancel) is not { } turn)
                break;
            if (ReferenceEquals(turn.Target, before))
                GatewayTelemetry.Retried();
            else if (fault is not null)
                GatewayTelemetry.FellBack(fault.Error);
            before = turn.Target;
            (var reply, fault) = plan.Rule.Hedge && turn.Target.Health.Percentile95 is { } late
                ? await HedgedAsync(run, turn, late, cancel)
                : await TryAsync(run, turn, hedge: false, unwanted: default, cancel);
            if (reply is not null || fault!.RequestAtFault)
                return (reply, fault);
        }

        return (null, fault ?? run.AllResting());
    }

    /// <summary>Null when nobody is left to ask in time.</summary>
    async ValueTask<Turn?> NextTurnAsync(AttemptRun run, CancellationToken cancel)
    {
        while (true)
        {
            if (run.NextTurn() is { } turn)
                return turn;
            if (run.StartOver(options.Value.RetryPause) is not { } pause)
                return null;
            await Task.Delay(pause, clock, cancel);
        }
    }

    async Task<(UpstreamReply? Reply, Fault? Fault)> HedgedAsync(AttemptRun run, Turn turn, TimeSpan late, CancellationToken cancel)
    {
        using var firstUnwanted = new CancellationTokenSource();
        using var secondUnwanted = new CancellationTokenSource();
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var first = TryAsync(run, turn, hedge: false, firstUnwanted.Token, cancel);
        var inTime = await Task.WhenAny(first, Task.Delay(late, clock, waiting.Token)) == first;
        await waiting.CancelAsync();
        if (inTime || cancel.IsCancellationRequested || run.NextTurn() is not { } other)
            return await first;

        var second = TryAsync(run, other, hedge: true, secondUnwanted.Token, cancel);
        var (winner, loser, unwanted) = await Task.WhenAny(first, second) == first ? (first, second, secondUnwanted) : (second, first, firstUnwanted);
        try
        {
            // Who ended first without an answer has not won anything.
            if ((await winner).Reply is null)
                (winner, loser) = (loser, null);
            var ended = await winner;
            GatewayTelemetry.Hedged(won: ended.Reply is not null && winner == second);
            return ended;
        }
        finally
        {
            if (loser is not null)
            {
                await unwanted.CancelAsync();
                await DropAsync(loser);
            }
        }
    }

    /// <summary>Its answer is not wanted any more, if it came to one at all.</summary>
    static async Task DropAsync(Task<(UpstreamReply? Reply, Fault? Fault)> loser)
    {
        await Task.WhenAny(loser);
        if (loser.IsCompletedSuccessfully && (await loser).Reply is { } unwanted)
            await unwanted.DisposeAsync();
    }

    async Task<(UpstreamReply? Reply, Fault? Fault)> TryAsync(AttemptRun run, Turn turn, bool hedge, CancellationToken unwanted, CancellationToken cancel)
    {
        const string Cancelled = "cancelled";
        var (target, probe) = turn;
        run.Begin(target);
        var began = clock.GetTimestamp();
        var startMs = run.Elapsed.TotalMilliseconds;
        Opening opened;
        try
        {
            opened = await targets.OpenAsync(run.Call, target, run.Patience, unwanted, cancel);
        }
        catch (Exception failure)
        {
            target.Health.Excused(probe);
            run.Note(new CallAttempt(target.Id, startMs, null, null, failure is OperationCanceledException ? Cancelled : KernelErrors.Unexpected.Code, hedge));
            throw;
        }

        var took = clock.GetElapsedTime(began);
        var lost = unwanted.IsCancellationRequested && opened.Reply is null;
        double? headersMs = opened.HeadersAt is { } at ? clock.GetElapsedTime(began, at).TotalMilliseconds : null;
        run.Note(new CallAttempt(target.Id, startMs, headersMs, opened.Status, lost ? Cancelled : opened.Fault?.Error.Code, hedge));
        if (lost)
            Lose(target.Health, took, hedge, probe);
        else if (opened.Fault is { } fault)
            Fail(run, target, fault, probe);
        else
            target.Health.Succeeded(took);
        return (opened.Reply, opened.Fault);
    }

    /// <summary>What the first target was given up for counts: otherwise the slow would look as fast as on their best days.</summary>
    static void Lose(TargetHealth health, TimeSpan took, bool hedge, bool probe)
    {
        if (!hedge)
            health.Slow(took);
        health.Excused(probe);
    }

    static void Fail(AttemptRun run, RouteTarget target, Fault fault, bool probe)
    {
        run.Failed(target, fault);
        if (fault.RequestRefused)
            target.Health.Excused(probe);
        else
            target.Health.Failed(fault.Error, fault.RetryAfter, probe);
    }
}
