using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Postgres;

/// <summary>A PostgreSQL that somebody else runs.</summary>
internal sealed partial class ExternalPostgres(string connectionString, TimeSpan patience, TimeProvider clock, ILogger<ExternalPostgres> logger) : IDatabaseServer
{
    public bool Embedded => false;

    public string ConnectionString => connectionString;

    /// <summary>Waits for a server that is starting at the same time as we are, as in a compose file.</summary>
    public async Task<string> StartAsync(CancellationToken cancel)
    {
        for (var begun = clock.GetTimestamp(); ;)
        {
            try
            {
                await CheckAsync(cancel);
                return connectionString;
            }
            catch (NpgsqlException failure) when (failure.IsTransient && clock.GetElapsedTime(begun) < patience)
            {
                LogWaiting(logger);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancel);
            }
            catch (NpgsqlException failure)
            {
                throw new DatabaseStartException($"The database named by Database:ConnectionString cannot be used: {failure.Message}", failure);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task CheckAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancel);
        if (connection.PostgreSqlVersion.Major < PostgresBinaries.OldestMajor)
            throw new DatabaseStartException($"The database is PostgreSQL {connection.PostgreSqlVersion}; JeanTrail needs {PostgresBinaries.OldestMajor} or newer.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer yet; waiting for it")]
    static partial void LogWaiting(ILogger logger);
}
