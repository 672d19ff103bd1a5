using System.Globalization;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Postgres;

/// <summary>
/// Ends what an earlier run left behind: the server goes on when JeanTrail is killed, and its children go on for a moment when the
/// server is. The instance lock is held here, so nobody else is using them. Stopping costs a tenth of a second; adopting a server that
/// is not our child would need a second way of watching it.
/// </summary>
internal sealed partial class LeftoverProcesses(ClusterFolder folder, ServerAccount account, TimeProvider clock, ILogger logger)
{
    static readonly TimeSpan FastStop = TimeSpan.FromSeconds(20);
    static readonly TimeSpan ImmediateStop = TimeSpan.FromSeconds(5);

    internal async Task EndAsync(CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows())
            return; // The server itself refuses a pid file whose process lives; there are no signals to end it with.
        var processes = await FindAsync(cancel);
        var server = ReadPid();
        if (processes.Contains(server))
        {
            LogTakingOver(logger, server);
            _ = await EndAsync([server], Posix.Interrupt, FastStop, cancel)
                || await EndAsync([server], Posix.Quit, ImmediateStop, cancel)
                || await EndAsync([server], Posix.Kill, ImmediateStop, cancel);
            processes = await FindAsync(cancel);
        }

        if (processes.Count > 0)
        {
            LogOrphans(logger, processes.Count);
            _ = await EndAsync(processes, Posix.Quit, ImmediateStop, cancel) || await EndAsync(processes, Posix.Kill, ImmediateStop, cancel);
        }

        // The number may by now belong to another program, for which the server would refuse to start. Another PostgreSQL of unknown
        // origin is left for the server to judge by its shared memory.
        if (server != 0 && (!Posix.Exists(server) || !await IsPostgresAsync(server, cancel)))
            File.Delete(folder.PidFile);
    }

    int ReadPid()
    {
        try
        {
            return int.TryParse(File.ReadLines(folder.PidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var pid) ? pid : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    async Task<bool> EndAsync(List<int> processes, int signal, TimeSpan patience, CancellationToken cancel)
    {
        foreach (var process in processes)
            Posix.Signal(process, signal);
        for (var started = clock.GetTimestamp(); clock.GetElapsedTime(started) < patience;)
        {
            var alive = await FindAsync(cancel);
            if (!processes.Any(alive.Contains))
                return true;
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancel);
        }

        return false;
    }

    async Task<List<int>> FindAsync(CancellationToken cancel)
        => [.. (await CommandsAsync(cancel)).Where(process => IsPostgres(process.Command) && process.Command.Contains(folder.ProcessTag, StringComparison.Ordinal)).Select(process => process.Id)];

    async Task<bool> IsPostgresAsync(int processId, CancellationToken cancel)
        => (await CommandsAsync(cancel)).Any(process => process.Id == processId && IsPostgres(process.Command));

    static bool IsPostgres(string command)
        => command.StartsWith("postgres:", StringComparison.Ordinal) || Path.GetFileName(command.Split('\0', ' ')[0]) == "postgres";

    /// <summary>The command lines of all processes that have one: the dead that nobody has collected yet do not.</summary>
    async Task<List<(int Id, string Command)>> CommandsAsync(CancellationToken cancel)
    {
        if (Directory.Exists("/proc/self"))
            return [.. Directory.EnumerateDirectories("/proc").Select(ReadCommand).Where(process => process.Command.Length > 0)];
        var (_, output, _) = await account.RunAsync("/bin/ps", ["-axo", "pid=,command="], cancel);
        return [.. output.Split('\n').Select(line => line.Trim().Split(' ', 2)).Where(fields => fields.Length == 2)
            .Select(fields => (int.Parse(fields[0], CultureInfo.InvariantCulture), fields[1]))];
    }

    static (int Id, string Command) ReadCommand(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out var id))
            return (0, "");
        try
        {
            return (id, File.ReadAllText(Path.Combine(folder, "cmdline")));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (id, ""); // It ended while we looked.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping the database server {ProcessId} that an earlier run left behind")]
    static partial void LogTakingOver(ILogger logger, int processId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ending {Count} processes of a database server that is gone")]
    static partial void LogOrphans(ILogger logger, int count);
}
