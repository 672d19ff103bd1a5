using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Limits;

/// <summary>
/// The limits and budgets of keys, people, teams, plans and routes. What a call may take is reserved before it and settled after it, so that
/// the sum never passes a limit: not under concurrency, not over several nodes, not across a restart.
/// </summary>
internal interface ILimits
{
    /// <summary>
    /// Reserves under every limit that concerns the call, all or nothing. Answered from this node's own tranches; the database is asked when
    /// one of them runs out. Errors (429): <c>gateway.limit_requests</c>, <c>gateway.limit_tokens</c>, <c>gateway.limit_streams</c>, each with
    /// <c>retryAfterSeconds</c>, and <c>gateway.budget_exhausted</c>.
    /// </summary>
    /// <param name="route">The public name that was asked for.</param>
    ValueTask<Result<IReservation>> ReserveAsync(Consumer consumer, string route, CallAmounts estimate, CancellationToken cancel);
}

/// <summary>What one call holds of its limits. Settled exactly once, however the call ends; later calls of <see cref="Settle"/> do nothing.</summary>
internal interface IReservation
{
    /// <summary>Gives back what was not used, or takes what was used beyond the estimate. Never waits and never fails.</summary>
    void Settle(CallAmounts actual);
}

/// <param name="Tokens">Input and output together.</param>
/// <param name="CostMicros">Millionths of the currency of the cost table.</param>
internal readonly record struct CallAmounts(long Tokens, long CostMicros);
