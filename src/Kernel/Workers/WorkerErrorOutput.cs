using System.Text;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Workers;

/// <summary>Carries a worker's stderr into the log: long lines are cut and a flood is dropped, counted.</summary>
static class WorkerErrorOutput
{
    const int MaxLineBytes = 500;
    const int LinesPerWindow = 50;
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Until the end, however that comes.</summary>
    internal static void ReadAll(Stream stream, string name, int processId, TimeProvider clock, ILogger log)
    {
        try
        {
            Read(stream, name, processId, clock, log);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            WorkerLog.ErrorOutputBroke(log, error, name, processId);
        }
    }

    internal static void Read(Stream stream, string name, int processId, TimeProvider clock, ILogger log)
    {
        var buffer = new byte[4096];
        var line = new List<byte>(MaxLineBytes);
        var windowStart = clock.GetTimestamp();
        int lines = 0, dropped = 0;
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            foreach (var b in buffer.AsSpan(0, read))
            {
                if (b != '\n')
                {
                    if (line.Count < MaxLineBytes)
                        line.Add(b);
                    continue;
                }
                if (clock.GetElapsedTime(windowStart) > Window)
                {
                    if (dropped > 0)
                        WorkerLog.ErrorLinesDropped(log, name, processId, dropped);
                    (windowStart, lines, dropped) = (clock.GetTimestamp(), 0, 0);
                }
                if (lines++ < LinesPerWindow)
                    WorkerLog.ErrorLine(log, name, processId, Encoding.UTF8.GetString(line.ToArray()).TrimEnd());
                else
                    dropped++;
                line.Clear();
            }
        }
        if (line.Count > 0 && lines < LinesPerWindow)
            WorkerLog.ErrorLine(log, name, processId, Encoding.UTF8.GetString(line.ToArray()).TrimEnd());
        if (dropped > 0)
            WorkerLog.ErrorLinesDropped(log, name, processId, dropped);
    }
}
