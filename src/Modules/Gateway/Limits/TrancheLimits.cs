using System.Collections.Concurrent;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Gateway.Limits;

/// <summary>
/// Limits that hold exactly over all nodes without a round trip per call: each node takes tranches out of the table, which are its alone, lets
/// calls pass on them from memory, and writes down once a second what was spent. Where the table has nothing left, the other nodes are asked
/// to give back what they hold before a call is refused.
/// </summary>
/// <remarks>
/// A node that is killed forgets what it let pass since it last wrote: at most the tranche in its hands. A node that cannot reach the
/// database may use its tranches until its lease is over, never longer.
/// </remarks>
internal sealed class TrancheLimits(
    LimitBook book, TrancheExchange exchange, IBroadcast broadcast, NodeIdentity node, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<TrancheLimits> logger)
    : FlushLoop("gateway.limits", options.Value.LimitFlushEvery, clock, logger), ILimits
{
    const string RecallChannel = "gateway.limit-recall";
    const string ReturnChannel = "gateway.limit-returned";

    /// <summary>A refused call is told so from memory for so long; what other nodes give back meanwhile is seen afterwards.</summary>
    static readonly TimeSpan RefusedFor = TimeSpan.FromMilliseconds(250);

    /// <summary>After its window has passed, so that nobody who began within it still looks for it.</summary>
    static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<(Guid LimitId, DateTimeOffset Start), Purse> purses = new();
    readonly List<IDisposable> listening = [];

    // Until then the database is not asked again after it did not answer: those who wait are told at once.
    long awayUntil = long.MinValue;

    public async ValueTask<Result<IReservation>> ReserveAsync(Consumer consumer, string route, CallAmounts estimate, CancellationToken cancel)
    {
        Limit[] limits;
        try
        {
            limits = await book.ForAsync(consumer, route, cancel);
        }
        catch (NpgsqlException)
        {
            return GatewayErrors.LimitsUnknown;
        }

        if (limits.Length == 0)
            return Result.Of(Reservation.None);
        var parts = new Reservation.Part[limits.Length];
        for (var i = 0; i < limits.Length; i++)
        {
            var limit = limits[i];
            var need = limit.Warns ? 0 : limit.NeedOf(estimate);
            parts[i] = new Reservation.Part(PurseOf(limit), need);
            if (parts[i].Purse.TryReserve(need, Clock.GetTimestamp()))
                continue;
            Error? refusal = GatewayErrors.LimitsUnknown;
            try
            {
                refusal = await FindMoreAsync(parts[i].Purse, need, cancel);
            }
            finally
            {
                if (refusal is not null)
                    Reservation.Undo(parts.AsSpan(0, i));
            }

            if (refusal is not null)
                return refusal;
        }

        return Result.Of<IReservation>(Reservation.Begin(parts));
    }

    /// <summary>Writes what was spent and gives back what nobody touched since the last time.</summary>
    internal async Task FlushAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        var renewBefore = Clock.GetTimestamp() - Ticks(options.Value.LimitLease / 4);
        await exchange.TellAsync(purses.Values, purse => purse.Tick(Clock.GetTimestamp(), now >= purse.End, renewBefore), cancel);
        foreach (var (place, purse) in purses)
        {
            if (purse.IsDone && ((purse.End < DateTimeOffset.MaxValue && now >= purse.End + ForgottenAfter) || book.Find(purse.LimitId) is null))
                purses.TryRemove(place, out _);
        }
    }

    /// <summary>Gives back all that is in hand; calls that run go on.</summary>
    internal Task ReturnAllAsync(CancellationToken cancel)
        => exchange.TellLastAsync(purses.Values, purse => purse.Return(Clock.GetTimestamp(), stopping: true), cancel);

    internal void Listen()
    {
        listening.Add(broadcast.Listen(RecallChannel, RecalledAsync));
        listening.Add(broadcast.Listen(ReturnChannel, (message, _) =>
        {
            if (Place(message) is { } place && purses.TryGetValue((place.LimitId, place.Start), out var purse))
                purse.SignalReturned();
            return Task.CompletedTask;
        }));
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        Listen();
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        foreach (var listener in listening)
            listener.Dispose();
        base.Dispose();
    }

    protected override Task TickAsync(CancellationToken cancel) => FlushAsync(cancel);

    protected override Task EndAsync(CancellationToken cancel) => ReturnAllAsync(cancel);

    Purse PurseOf(Limit limit)
    {
        var now = Clock.GetUtcNow();
        if (limit.Latest is { } latest && latest.Start <= now && now < latest.End)
            return latest;
        var start = limit.TimeWindow.StartAt(now);
        return limit.Latest = purses.GetOrAdd((limit.LimitId, start), _ => new Purse(limit.LimitId, limit.Meter, start, limit.TimeWindow.EndOf(start)));
    }

    /// <summary>Null when the need was reserved after all.</summary>
    async Task<Error?> FindMoreAsync(Purse purse, long need, CancellationToken cancel)
    {
        await purse.Search.WaitAsync(cancel);
        try
        {
            if (purse.TryReserve(need, Clock.GetTimestamp()))
                return null;
            if (purse.Refuses(need, Clock.GetTimestamp()))
                return Refusal(purse);
            if (Clock.GetTimestamp() < Volatile.Read(ref awayUntil))
                return GatewayErrors.LimitsUnknown;
            return await SearchAsync(purse, need, cancel);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            Volatile.Write(ref awayUntil, Clock.GetTimestamp() + Ticks(RefusedFor));
            return GatewayErrors.LimitsUnknown;
        }
        finally
        {
            purse.Search.Release();
        }
    }

    async Task<Error?> SearchAsync(Purse purse, long need, CancellationToken cancel)
    {
        var asked = false;
        var deadline = Clock.GetTimestamp();
        while (true)
        {
            // Taken before looking: what is returned in between is not missed.
            var returned = purse.Returned;
            if (await exchange.AskAsync(purse, need) is not { } answer)
                return await WithoutAsync(purse, need, cancel);
            if (purse.TryReserve(need, Clock.GetTimestamp()))
                return null;
            // What was given went to calls that came meanwhile, and the table has more.
            if (answer.Amount - answer.Spent - answer.Held >= need)
                continue;
            var now = Clock.GetTimestamp();
            var worthAsking = answer.Held > answer.Own && answer.Spent < answer.Amount && (!asked || now < deadline);
            if (!worthAsking)
            {
                purse.Refuse(need, now + Ticks(RefusedFor));
                return Refusal(purse);
            }

            if (!asked)
            {
                asked = true;
                deadline = now + Ticks(options.Value.LimitRecallPatience);
                await broadcast.SendAsync(RecallChannel, Message(purse), cancel);
            }

            await WaitAsync(returned, Clock.GetElapsedTime(now, deadline), cancel);
        }
    }

    /// <summary>The table does not know the limit any more. Then it holds nobody up.</summary>
    async Task<Error?> WithoutAsync(Purse purse, long need, CancellationToken cancel)
    {
        await book.ReloadAsync(cancel);
        if (book.Find(purse.LimitId) is not null)
            return Refusal(purse);
        purse.ReserveUnlimited(need);
        return null;
    }

    async Task RecalledAsync(string message, CancellationToken cancel)
    {
        if (Place(message) is not { } place || place.Node == node.Id || !purses.TryGetValue((place.LimitId, place.Start), out var purse))
            return;
        if (await exchange.ReturnAsync(purse, cancel))
            await broadcast.SendAsync(ReturnChannel, Message(purse), cancel);
    }

    Error Refusal(Purse purse)
    {
        if (purse.Meter == Meter.Streams)
            return GatewayErrors.LimitReached(purse.Meter, 1);
        var left = purse.End == DateTimeOffset.MaxValue ? default(long?) : Math.Max(1, (long)Math.Ceiling((purse.End - Clock.GetUtcNow()).TotalSeconds));
        return GatewayErrors.LimitReached(purse.Meter, left);
    }

    async Task WaitAsync(Task returned, TimeSpan longest, CancellationToken cancel)
    {
        try
        {
            await returned.WaitAsync(longest > TimeSpan.Zero ? longest : TimeSpan.Zero, Clock, cancel);
        }
        catch (TimeoutException)
        {
            // Nobody had anything, or the one who did is gone.
        }
    }

    long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Clock.TimestampFrequency);

    string Message(Purse purse) => $"{node.Id:N} {purse.LimitId:N} {purse.Start.UtcTicks}";

    static (Guid Node, Guid LimitId, DateTimeOffset Start)? Place(string message)
        => message.Split(' ') is [var from, var limit, var ticks] && Guid.TryParse(from, out var sender) && Guid.TryParse(limit, out var id) && long.TryParse(ticks, out var start)
            ? (sender, id, new DateTimeOffset(start, TimeSpan.Zero))
            : null;
}
