using System.Collections.Concurrent;
using JeanTrail.Kernel.Identity;
using Npgsql;

namespace JeanTrail.Kernel.Data;

/// <summary>
/// Connections on which row security holds: they work as a role without rights of its own to anybody's rows, and each knows the person it
/// is used for. They have a pool to themselves, so that no statement of the server is ever run as a person, nor the other way round.
/// </summary>
public sealed class PersonalConnections : IAsyncDisposable
{
    /// <summary>The role, made by <see cref="Migrator"/>. Nobody signs in as it.</summary>
    public const string Role = "jeantrail_person";

    // Told once, a connection knows its person until it serves another: most servers have few people, and telling costs a round trip.
    const string TellSql = "select set_config('jeantrail.person', @Person, false)";

    readonly ConcurrentDictionary<int, UserId> told = new();
    readonly NpgsqlDataSource source;

    /// <param name="connectionString">The server's own; whoever it signs in as must be a member of <see cref="Role"/>.</param>
    /// <param name="configure">What the server's other pool is configured with too.</param>
    public PersonalConnections(string connectionString, Action<NpgsqlDataSourceBuilder>? configure = null)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        configure?.Invoke(builder);
        // Putting the session back as it was would take the role away.
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.UsePhysicalConnectionInitializer(
            _ => throw new NotSupportedException("Connections are opened asynchronously."),
            async connection =>
            {
                told.TryRemove(connection.ProcessID, out UserId _);
                await using var become = new NpgsqlCommand($"set role {Role}", connection);
                await become.ExecuteNonQueryAsync();
            });
        source = builder.Build();
    }

    /// <summary>A connection that reaches the rows of <paramref name="person"/> and what belongs to nobody.</summary>
    public async Task<NpgsqlConnection> OpenAsync(UserId person, CancellationToken cancel)
    {
        var connection = await source.OpenConnectionAsync(cancel);
        if (told.TryGetValue(connection.ProcessID, out var known) && known == person)
            return connection;
        try
        {
            // Forgotten first: whoever is cut off here does not know what the connection was told.
            told.TryRemove(connection.ProcessID, out UserId _);
            await using var tell = new NpgsqlCommand(TellSql, connection) { Parameters = { new("Person", person.Value.ToString()) } };
            await tell.ExecuteNonQueryAsync(cancel);
            told[connection.ProcessID] = person;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets go of the idle connections.</summary>
    public void Clear() => source.Clear();

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
