using JeanTrail.Kernel.Jobs;

namespace JeanTrail.Gateway.Limits;

/// <summary>Shows monitoring how full each limit and budget is.</summary>
internal sealed class LimitGauges(ListLimits.Reader limits) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // Each is a time series; who has more limits than that looks at the page.
    const int MostShown = 500;

    public async Task RunAsync(CancellationToken cancel)
        => GatewayTelemetry.LimitsUsed([.. (await limits.ReadAsync(null, cancel)).Where(limit => limit.Amount > 0).Take(MostShown)]);
}
