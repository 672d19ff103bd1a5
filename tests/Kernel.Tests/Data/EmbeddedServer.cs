using JeanTrail.Kernel.Postgres;
using JeanTrail.Testing;
using Npgsql;

namespace JeanTrail.Kernel.Tests.Data;

/// <summary>A private server in a data folder of its own, with what its tests do to it.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    static readonly Dictionary<string, string> Quick = new(StringComparer.Ordinal) { ["fsync"] = "off", ["full_page_writes"] = "off" };

    readonly bool ownsFolder;
    readonly LogCollector logs = new();

    internal EmbeddedServer(string? folder = null, string? binaries = null, TimeSpan? healthInterval = null)
    {
        ownsFolder = folder is null;
        Folder = folder ?? NewFolder();
        Options = new EmbeddedPostgresOptions(Folder, binaries, Quick)
        {
            HealthInterval = healthInterval ?? TimeSpan.FromSeconds(15),
            HealthTimeout = TimeSpan.FromSeconds(1),
            HealthFailures = 2,
        };
        Server = new EmbeddedPostgres(Options, TimeProvider.System, logs.CreateLogger<EmbeddedPostgres>());
    }

    internal string Folder { get; }

    internal EmbeddedPostgresOptions Options { get; }

    internal EmbeddedPostgres Server { get; }

    internal IEnumerable<string> Log => logs.Entries.Select(entry => entry.Message);

    internal static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("jeantrail-embedded-").FullName;
        // The server's account must be able to pass when the tests run as root.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
        return folder;
    }

    internal static async Task<EmbeddedServer> StartAsync(string? folder = null, string? binaries = null, TimeSpan? healthInterval = null)
    {
        var server = new EmbeddedServer(folder, binaries, healthInterval);
        await server.Server.StartAsync(CancellationToken.None);
        return server;
    }

    internal async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Waits until another process serves the database than the one given.</summary>
    internal Task WhenBackAsync(int after) => Eventually.BeTrueAsync(async () =>
    {
        try
        {
            return Server.ServerProcessId != after && Server.ServerProcessId != 0 && await ScalarAsync("select 1") is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }, "the server is back");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }
}
