using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Chat.Turns;

/// <summary>
/// Has what all running turns of this node said since the last time written down, and their leases renewed. When the database is away the
/// text stays in the buffers and the next round takes it.
/// </summary>
internal sealed partial class TurnFlusher(IEnumerable<ITurnLog> logs, IOptions<ChatOptions> options, TimeProvider clock, ILogger<TurnFlusher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.FlushEvery, clock);
        var renewed = clock.GetTimestamp();
        while (await Next(timer, stoppingToken))
        {
            try
            {
                foreach (var log in logs)
                    await log.FlushAsync(stoppingToken);
                if (clock.GetElapsedTime(renewed) < options.Value.Lease / 4)
                    continue;
                renewed = clock.GetTimestamp();
                foreach (var log in logs)
                    await log.RenewAsync(stoppingToken);
            }
            catch (NpgsqlException failure)
            {
                LogFailed(logger, failure.Message);
            }
        }
    }

    static async Task<bool> Next(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Running turns could not be written down and stay in memory: {Reason}")]
    static partial void LogFailed(ILogger logger, string reason);
}
