using System.Diagnostics;
using JeanTrail.Kernel.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace JeanTrail.Testing;

/// <summary>One private PostgreSQL per test process: started by the first test that asks, gone with the process.</summary>
public static class PostgresServer
{
    static readonly string Root = Path.Combine(Path.GetTempPath(), "jeantrail-tests");

    // Nothing here has to survive a power cut; everything has to be quick.
    static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal)
    {
        ["fsync"] = "off",
        ["full_page_writes"] = "off",
        ["synchronous_commit"] = "off",
        ["autovacuum"] = "off",
        ["shared_buffers"] = "64MB",
        ["max_wal_size"] = "1GB",
    };

    static readonly Lazy<Task<string>> Started = new(StartAsync);

    /// <summary>How to reach it as its owner; the database is <c>jeantrail</c> and stays empty.</summary>
    public static Task<string> ConnectionStringAsync() => Started.Value;

    static async Task<string> StartAsync()
    {
        await SweepAsync();
        var folder = Path.Combine(Root, Guid.CreateVersion7().ToString("N"));
        var options = new EmbeddedPostgresOptions(folder, Environment.GetEnvironmentVariable("JEAN_TEST_POSTGRES"), Settings) { MaxConnections = 200 };
        var server = new EmbeddedPostgres(options, TimeProvider.System, NullLogger<EmbeddedPostgres>.Instance);
        var connectionString = await server.StartAsync(CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(server.ServerProcessId, folder);
        return connectionString;
    }

    /// <summary>The test runner gives a process a tenth of a second to end, so that a shell of its own does the tidying.</summary>
    static void Remove(int process, string folder)
    {
        if (OperatingSystem.IsWindows())
            return; // The next sweep does it.
        Posix.Signal(process, Posix.Quit);
        var tidy = new ProcessStartInfo("/bin/sh", ["-c", "exec </dev/null >/dev/null 2>&1; sleep 1; rm -rf -- \"$0\"", folder]) { UseShellExecute = false };
        Process.Start(tidy)?.Dispose();
    }

    /// <summary>Removes what test processes that were killed left behind.</summary>
    static async Task SweepAsync()
    {
        Directory.CreateDirectory(Root);
        var older = TimeProvider.System.GetUtcNow().AddMinutes(-2).UtcDateTime;
        foreach (var folder in Directory.GetDirectories(Root).Where(folder => Directory.GetCreationTimeUtc(folder) < older))
        {
            try
            {
                using var left = ClusterFolder.Open(folder);
                var account = ServerAccount.Choose();
                await left.PlaceAsync(account, CancellationToken.None);
                await new LeftoverProcesses(left, account, TimeProvider.System, NullLogger.Instance).EndAsync(CancellationToken.None);
            }
            catch (Exception failure) when (failure is DatabaseStartException or IOException or UnauthorizedAccessException)
            {
                continue; // Its process lives, or removes it at this moment.
            }

            TryDelete(folder);
        }
    }

    static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The server is still writing its last; the next sweep takes the rest.
        }
    }
}
