using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Limits;

/// <summary>Brings purses and tables together: one exchange of each purse at a time, and whatever comes of it is put right in the purse.</summary>
internal sealed class TrancheExchange(TrancheStore store, IOptions<GatewayOptions> options, TimeProvider clock)
{
    const int OrdersPerExchange = 1_000;

    /// <summary>For the database, before a call is told that it is away.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks the table for more. Null when it has no such limit.</summary>
    internal async Task<PurseAnswer?> AskAsync(Purse purse, long need)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        await purse.Exchange.WaitAsync(patience.Token);
        try
        {
            return await ExchangeAsync([purse.Ask(need, clock.GetTimestamp())], patience.Token) is [var answer] ? answer : null;
        }
        finally
        {
            purse.Exchange.Release();
        }
    }

    /// <summary>Gives back what is free. False when nothing is.</summary>
    internal async Task<bool> ReturnAsync(Purse purse, CancellationToken cancel)
    {
        await purse.Exchange.WaitAsync(cancel);
        try
        {
            if (purse.Return(clock.GetTimestamp()) is not { } order)
                return false;
            await ExchangeAsync([order], cancel);
            return true;
        }
        finally
        {
            purse.Exchange.Release();
        }
    }

    /// <summary>One exchange for all that have something to say. Those that are in one already have their turn the next time.</summary>
    internal async Task TellAsync(IEnumerable<Purse> purses, Func<Purse, PurseOrder?> orderOf, CancellationToken cancel)
    {
        foreach (var some in purses.Chunk(OrdersPerExchange))
            await TellSomeAsync(some, TimeSpan.Zero, orderOf, cancel);
    }

    /// <summary>As <see cref="TellAsync"/>, where there is no next time: what is in an exchange is waited for.</summary>
    internal async Task TellLastAsync(IEnumerable<Purse> purses, Func<Purse, PurseOrder?> orderOf, CancellationToken cancel)
    {
        foreach (var some in purses.Chunk(OrdersPerExchange))
            await TellSomeAsync(some, Patience, orderOf, cancel);
    }

    async Task TellSomeAsync(IEnumerable<Purse> some, TimeSpan longest, Func<Purse, PurseOrder?> orderOf, CancellationToken cancel)
    {
        var entered = new List<Purse>();
        try
        {
            foreach (var purse in some)
            {
                if (await purse.Exchange.WaitAsync(longest, cancel))
                    entered.Add(purse);
            }

            var orders = entered.Select(orderOf).OfType<PurseOrder>().ToList();
            if (orders.Count > 0)
                await ExchangeAsync(orders, cancel);
        }
        finally
        {
            foreach (var purse in entered)
                purse.Exchange.Release();
        }
    }

    async Task<IReadOnlyList<PurseAnswer>> ExchangeAsync(IReadOnlyList<PurseOrder> orders, CancellationToken cancel)
    {
        var sentAt = clock.GetTimestamp();
        var lease = (long)(options.Value.LimitLease.TotalSeconds * clock.TimestampFrequency);
        var mayBeDone = false;
        try
        {
            var answers = await store.ExchangeAsync(orders, () => mayBeDone = true, cancel);
            var byPlace = answers.ToDictionary(answer => (answer.LimitId, answer.WindowStart));
            foreach (var order in orders)
            {
                if (byPlace.TryGetValue((order.Purse.LimitId, order.Purse.Start), out var answer))
                    order.Purse.Adopt(order, answer, sentAt, lease);
            }

            return answers;
        }
        catch
        {
            foreach (var order in orders)
            {
                if (mayBeDone)
                    order.Purse.Doubt();
                else
                    order.Purse.TakeBack(order);
            }

            throw;
        }
    }
}
