using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Postgres;

/// <summary>What the private server needs to know.</summary>
/// <param name="DataFolder">The cluster goes into its <c>postgres</c> folder.</param>
/// <param name="Binaries">The folder of the PostgreSQL programs; null searches the usual places.</param>
/// <param name="Settings">Server settings that override ours.</param>
internal sealed record EmbeddedPostgresOptions(string DataFolder, string? Binaries, IReadOnlyDictionary<string, string> Settings)
{
    internal int MaxConnections { get; init; } = 60;

    /// <summary>How often the running server is asked whether it still answers.</summary>
    internal TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one answer may take.</summary>
    internal TimeSpan HealthTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this many missing answers in a row the server is ended and started again.</summary>
    internal int HealthFailures { get; init; } = 4;
}

/// <summary>
/// A private PostgreSQL cluster in the data folder, run as a child process: made on first use, started again when it dies, stopped with
/// us, and never run as root.
/// </summary>
internal sealed partial class EmbeddedPostgres(EmbeddedPostgresOptions options, TimeProvider clock, ILogger<EmbeddedPostgres> logger) : IDatabaseServer
{
    internal const string Role = "jeantrail";
    const string Database = "jeantrail";
    static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    // Neither has a timer or a wait handle, so there is nothing to dispose of.
    readonly CancellationTokenSource stopping = new();
    readonly SemaphoreSlim starting = new(1, 1);
    ClusterFolder? folder;
    Cluster? cluster;
    ServerProcess? server;
    Task supervision = Task.CompletedTask;
    string? connectionString;

    public bool Embedded => true;

    public string ConnectionString => connectionString ?? throw new InvalidOperationException("The database server was not started yet.");

    /// <summary>The process of the running server; tests end it.</summary>
    internal int ServerProcessId => server?.Id ?? 0;

    public async Task<string> StartAsync(CancellationToken cancel)
    {
        await starting.WaitAsync(cancel);
        try
        {
            if (connectionString is not null)
                return connectionString;
            folder = ClusterFolder.Open(options.DataFolder);
            cluster = await Cluster.PrepareAsync(folder, options, clock, logger, cancel);
            server = await LaunchAsync(cluster, cancel);
            await CreateDatabaseAsync(cluster.Connection("postgres"), cancel);
            connectionString = cluster.Connection(Database).ConnectionString;
            supervision = SuperviseAsync(cluster, stopping.Token);
            LogStarted(logger, cluster.Binaries.Version, server.Id);
            return connectionString;
        }
        catch
        {
            await EndAsync();
            throw;
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await supervision;
        await EndAsync();
    }

    async Task EndAsync()
    {
        if (server is not null && cluster is not null)
        {
            await server.StopAsync(cluster.Binaries, cluster.Folder.Cluster, cluster.Account);
            server.Dispose();
            LogStopped(logger);
        }

        server = null;
        folder?.Dispose();
        folder = null;
    }

    async Task<ServerProcess> LaunchAsync(Cluster on, CancellationToken cancel)
    {
        await new LeftoverProcesses(on.Folder, on.Account, clock, logger).EndAsync(cancel);
        on.ClearSockets();
        var launched = ServerProcess.Start(on.Account, on.Binaries.Server, on.ServerArguments(), logger);
        try
        {
            var begun = clock.GetTimestamp();
            for (var told = false; !await launched.IsReadyAsync(on.Folder.PidFile, cancel);)
            {
                if (launched.Ended.IsCompleted)
                    throw new DatabaseStartException($"The database server ended while starting: {launched.LastLines}");
                if (!told && clock.GetElapsedTime(begun) > TimeSpan.FromSeconds(5))
                {
                    told = true;
                    LogRecovering(logger);
                }

                await Task.WhenAny(launched.Ended, Task.Delay(TimeSpan.FromMilliseconds(10), clock, cancel));
                cancel.ThrowIfCancellationRequested();
            }

            return launched;
        }
        catch
        {
            await launched.StopAsync(on.Binaries, on.Folder.Cluster, on.Account);
            launched.Dispose();
            throw;
        }
    }

    async Task SuperviseAsync(Cluster on, CancellationToken stop)
    {
        try
        {
            for (var failures = 0; ;)
            {
                var since = clock.GetTimestamp();
                await WatchAsync(server!, on.Connection("postgres"), stop);
                LogDied(logger, server!.Id);
                server.Dispose();
                failures = clock.GetElapsedTime(since) > StableAfter ? 0 : failures;
                server = null;
                while (server is null)
                {
                    await Task.Delay(Pause(failures++), clock, stop);
                    try
                    {
                        server = await LaunchAsync(on, stop);
                        LogBack(logger, server.Id);
                    }
                    catch (Exception failure) when (!stop.IsCancellationRequested)
                    {
                        LogRestartFailed(logger, failure, failures);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // We are stopping; DisposeAsync ends the server.
        }
    }

    /// <summary>Returns when the server has ended, by itself or because it no longer answered.</summary>
    async Task WatchAsync(ServerProcess watched, NpgsqlConnectionStringBuilder connection, CancellationToken stop)
    {
        connection.Timeout = connection.CommandTimeout = Math.Max(1, (int)options.HealthTimeout.TotalSeconds);
        for (var missing = 0; ;)
        {
            await Task.WhenAny(watched.Ended, Task.Delay(options.HealthInterval, clock, stop));
            stop.ThrowIfCancellationRequested();
            if (watched.Ended.IsCompleted)
                return;
            missing = await AnswersAsync(connection, stop) ? 0 : missing + 1;
            if (missing < options.HealthFailures || watched.Ended.IsCompleted)
                continue;
            LogHung(logger, watched.Id, missing);
            watched.Kill();
            await watched.Ended.WaitAsync(stop);
            return;
        }
    }

    static async Task<bool> AnswersAsync(NpgsqlConnectionStringBuilder connection, CancellationToken stop)
    {
        try
        {
            await using var probe = new NpgsqlConnection(connection.ConnectionString);
            await probe.OpenAsync(stop);
            await using var command = new NpgsqlCommand("select 1", probe);
            await command.ExecuteScalarAsync(stop);
            return true;
        }
        catch (PostgresException)
        {
            return true; // "Too many connections" and the like are answers too.
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    static async Task CreateDatabaseAsync(NpgsqlConnectionStringBuilder server, CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync(cancel);
            await using var exists = new NpgsqlCommand($"select exists (select from pg_database where datname = '{Database}')", connection);
            if (await exists.ExecuteScalarAsync(cancel) is true)
                return;
            await using var create = new NpgsqlCommand($"create database {Database}", connection);
            await create.ExecuteNonQueryAsync(cancel);
        }
        catch (NpgsqlException failure)
        {
            throw new DatabaseStartException($"The private database server started, but does not let us in: {failure.Message}", failure);
        }
    }

    /// <summary>No pause before the first new start, then doubling from 200 ms.</summary>
    static TimeSpan Pause(int failures)
        => failures == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 100 * Math.Pow(2, Math.Min(failures, 10))));

    [LoggerMessage(Level = LogLevel.Information, Message = "Private PostgreSQL {Version} is running as process {ProcessId}")]
    static partial void LogStarted(ILogger logger, string version, int processId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Private PostgreSQL stopped")]
    static partial void LogStopped(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Private PostgreSQL is still starting; after a crash it first replays its log")]
    static partial void LogRecovering(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Private PostgreSQL (process {ProcessId}) ended unexpectedly; starting it again")]
    static partial void LogDied(ILogger logger, int processId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Private PostgreSQL is back as process {ProcessId}")]
    static partial void LogBack(ILogger logger, int processId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Private PostgreSQL did not start (attempt {Attempt})")]
    static partial void LogRestartFailed(ILogger logger, Exception failure, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Private PostgreSQL (process {ProcessId}) left {Missing} health checks unanswered; ending it")]
    static partial void LogHung(ILogger logger, int processId, int missing);
}
