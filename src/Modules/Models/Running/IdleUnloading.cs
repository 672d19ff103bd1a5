using JeanTrail.Models.Speech;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Running;

/// <summary>Looks now and then for models that nobody uses.</summary>
internal sealed partial class IdleUnloading(LocalEngine engine, SpeechEngine speech, IOptions<ModelsOptions> options, TimeProvider clock, ILogger<IdleUnloading> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromTicks(Math.Clamp(options.Value.IdleUnload.Ticks / 4, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute)), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await engine.UnloadIdleAsync();
                    await speech.UnloadIdleAsync();
                }
                catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
                {
                    Failed(log, failure);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping, or the server did not come up.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Idle models could not be unloaded")]
    private static partial void Failed(ILogger log, Exception failure);
}
