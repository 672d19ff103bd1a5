using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Workers;

static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Debug, "Worker {Worker} (process {ProcessId}) is ready after {ElapsedMs} ms")]
    internal static partial void Ready(ILogger log, string worker, int processId, double elapsedMs);

    [LoggerMessage(2, LogLevel.Warning, "Worker {Worker} (process {ProcessId}) ended: {Reason} Next start in {DelayMs} ms")]
    internal static partial void Ended(ILogger log, string worker, int? processId, string reason, double delayMs);

    [LoggerMessage(3, LogLevel.Error, "Worker {Worker} is given a long pause of {DelayMs} ms: {Reason}")]
    internal static partial void LongPause(ILogger log, string worker, string reason, double delayMs);

    [LoggerMessage(4, LogLevel.Warning, "Worker {Worker} (process {ProcessId}) wrote: {Line}")]
    internal static partial void ErrorLine(ILogger log, string worker, int processId, string line);

    [LoggerMessage(5, LogLevel.Warning, "Worker {Worker} (process {ProcessId}) wrote {Count} more lines, which were dropped")]
    internal static partial void ErrorLinesDropped(ILogger log, string worker, int processId, int count);

    [LoggerMessage(6, LogLevel.Debug, "The error output of worker {Worker} (process {ProcessId}) broke")]
    internal static partial void ErrorOutputBroke(ILogger log, Exception error, string worker, int processId);

    [LoggerMessage(7, LogLevel.Debug, "Worker {Worker} (process {ProcessId}) could not be killed; it had probably ended")]
    internal static partial void KillFailed(ILogger log, Exception error, string worker, int processId);

    [LoggerMessage(8, LogLevel.Error, "The supervisor of worker {Worker} failed")]
    internal static partial void SupervisorFailed(ILogger log, Exception error, string worker);
}
