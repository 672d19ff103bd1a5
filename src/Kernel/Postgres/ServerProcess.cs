using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Postgres;

/// <summary>One run of the server program, from its start to its end.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    const int KeptLines = 12;
    static readonly string[] SetSid = ["/usr/bin/setsid", "/bin/setsid"];

    readonly Process process;
    readonly ILogger logger;
    readonly Queue<string> lastLines = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    ServerProcess(Process process, ILogger logger)
    {
        this.process = process;
        this.logger = logger;
        Id = process.Id;
        process.EnableRaisingEvents = true;
        // Not WaitForExitAsync: it also waits for the end of the pipes, which the server's children hold open after it was killed.
        process.Exited += (_, _) => ended.TrySetResult();
    }

    /// <summary>Kept, for those who ask while the process is disposed of.</summary>
    internal int Id { get; }

    internal Task Ended => ended.Task;

    internal int ExitCode => process.ExitCode;

    /// <summary>The last lines it wrote, for the message when it does not start.</summary>
    internal string LastLines
    {
        get
        {
            lock (lastLines)
                return string.Join(' ', lastLines);
        }
    }

    internal static ServerProcess Start(ServerAccount account, string program, IReadOnlyList<string> arguments, ILogger logger)
    {
        // A session of its own: Ctrl+C in a terminal goes to the whole process group, and the database must outlive the requests.
        var setSid = OperatingSystem.IsWindows() ? null : Array.Find(SetSid, File.Exists);
        var command = setSid is null ? account.Command(program, arguments) : account.Command(setSid, [program, .. arguments]);
        var started = new Process { StartInfo = command };
        try
        {
            started.Start();
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            started.Dispose();
            throw new DatabaseStartException($"The database server {program} could not be started: {failure.Message}", failure);
        }

        var server = new ServerProcess(started, logger);
        if (started.HasExited)
            server.ended.TrySetResult();
        started.StandardInput.Close();
        _ = server.PumpAsync(started.StandardError);
        _ = server.PumpAsync(started.StandardOutput);
        return server;
    }

    /// <summary>Whether the server has written into its pid file that it takes connections.</summary>
    internal async Task<bool> IsReadyAsync(string pidFile, CancellationToken cancel)
    {
        try
        {
            var lines = await File.ReadAllLinesAsync(pidFile, cancel);
            return lines.Length >= 8 && lines[0] == Id.ToString(CultureInfo.InvariantCulture) && lines[7].Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Fast shutdown: open transactions roll back, everything is written. Harsher when that does not end it in time.</summary>
    internal async Task StopAsync(PostgresBinaries binaries, string cluster, ServerAccount account)
    {
        if (OperatingSystem.IsWindows())
            await account.RunAsync(binaries.Control, ["stop", "-D", cluster, "-m", "fast", "-w", "-t", "30"], CancellationToken.None);
        else
            Posix.Signal(Id, Posix.Interrupt);
        if (await EndsWithinAsync(TimeSpan.FromSeconds(30)))
            return;
        LogSlowStop(logger, Id);
        if (!OperatingSystem.IsWindows())
            Posix.Signal(Id, Posix.Quit);
        if (!await EndsWithinAsync(TimeSpan.FromSeconds(5)))
            process.Kill(entireProcessTree: true);
        await EndsWithinAsync(TimeSpan.FromSeconds(5));
    }

    /// <summary>Ends a server that does not answer. Nothing that was committed is lost.</summary>
    internal void Kill() => process.Kill(entireProcessTree: true);

    public void Dispose() => process.Dispose();

    async Task<bool> EndsWithinAsync(TimeSpan patience)
    {
        await Task.WhenAny(Ended, Task.Delay(patience));
        return Ended.IsCompleted;
    }

    async Task PumpAsync(StreamReader lines)
    {
        try
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                lock (lastLines)
                {
                    if (lastLines.Count == KeptLines)
                        lastLines.Dequeue();
                    lastLines.Enqueue(line);
                }

                if (line.StartsWith("PANIC:", StringComparison.Ordinal) || line.StartsWith("FATAL:", StringComparison.Ordinal))
                    LogError(logger, line);
                else
                    LogLine(logger, line);
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process was disposed of; there is nothing more to read.
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "PostgreSQL: {Line}")]
    static partial void LogLine(ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL: {Line}")]
    static partial void LogError(ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database server {ProcessId} did not stop in time; ending it at once")]
    static partial void LogSlowStop(ILogger logger, int processId);
}
