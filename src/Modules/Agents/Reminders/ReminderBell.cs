using JeanTrail.Kernel.Realtime;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Agents.Reminders;

/// <summary>
/// Tells people of reminders that have come due. The row is the truth and stays due until it is done; the live event is only the bell,
/// so a person who was away finds it in the list.
/// </summary>
internal sealed partial class ReminderBell(ReminderBook reminders, IRealtime realtime, TimeProvider clock, ILogger<ReminderBell> logger) : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                await RingAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The database may be away for a while; what is due now is due at the next round too.
                LogFailed(logger, failure);
            }
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    async Task RingAsync(CancellationToken cancel)
    {
        var due = await reminders.RingAsync(cancel);
        foreach (var reminder in due)
            await RingAsync(reminder, cancel);
        if (due.Count > 0)
            LogRung(logger, due.Count);
    }

    /// <summary>One bell that fails must not keep the others of the round from ringing.</summary>
    async Task RingAsync(DueReminder reminder, CancellationToken cancel)
    {
        try
        {
            await realtime.PublishAsync($"user:{reminder.UserId.Value}", "agents.reminder-due", new { reminder.Id, reminder.Text }, cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            LogSilent(logger, reminder.Id, failure);
        }
    }

    static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancel)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Count} reminders came due")]
    static partial void LogRung(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reminder {ReminderId} came due but nobody could be told; it waits in the list")]
    static partial void LogSilent(ILogger logger, Guid reminderId, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reminders could not be checked; trying again")]
    static partial void LogFailed(ILogger logger, Exception failure);
}
