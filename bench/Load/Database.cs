using Npgsql;

namespace JeanTrail.Bench;

/// <summary>A way into the private PostgreSQL of a running server, for what no person could type: a million messages.</summary>
internal static class Database
{
    internal static async Task<NpgsqlConnection> OpenAsync(string data)
    {
        var root = Path.Combine(data, "postgres");
        var noted = Path.Combine(root, "run.path");
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = File.Exists(noted) ? (await File.ReadAllTextAsync(noted)).Trim() : Path.Combine(root, "run"),
            Port = 5432,
            Username = "jeantrail",
            Password = (await File.ReadAllTextAsync(Path.Combine(root, "password"))).Trim(),
            Database = "jeantrail",
            CommandTimeout = 0,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
