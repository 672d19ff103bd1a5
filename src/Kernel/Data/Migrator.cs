using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Data;

/// <summary>
/// Applies forward-only migrations, each in its own transaction, under an advisory lock so that several nodes may start at once.
/// A migration that was changed after it was applied stops the start: the database and the program would no longer agree.
/// </summary>
public sealed partial class Migrator(NpgsqlDataSource source, IEnumerable<MigrationSource> sources, TimeProvider clock, ILogger<Migrator> logger)
{
    const long AdvisoryLock = 0x4A65616E54726169; // "JeanTrai"

    // Migrations grant it rights, so it is there before them. Roles belong to the whole cluster: another database, or another node starting
    // at the same moment, may have made it.
    const string RoleSql = $"""
        do $$
        begin
            if not exists (select from pg_roles where rolname = '{PersonalConnections.Role}') then
                begin
                    create role {PersonalConnections.Role} nologin;
                exception when duplicate_object or unique_violation then null;
                end;
            end if;
            if not pg_has_role(current_user, '{PersonalConnections.Role}', 'member') then
                grant {PersonalConnections.Role} to current_user;
            end if;
        end
        $$;
        """;

    const string Bootstrap = """
        create schema if not exists kernel;
        create table if not exists kernel.migration (
            schema_name text not null,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null,
            primary key (schema_name, name));
        """;

    /// <summary>Applies what is missing; returns how many migrations that were.</summary>
    /// <exception cref="MigrationException">An applied migration was changed, or one failed.</exception>
    public async Task<int> ApplyAsync(CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await RunAsync(connection, null, $"select pg_advisory_lock({AdvisoryLock})", cancel);
        try
        {
            await MakeRoleAsync(connection, cancel);
            await RunAsync(connection, null, Bootstrap, cancel);
            var applied = await ReadAppliedAsync(connection, cancel);
            var count = 0;
            foreach (var migration in sources.SelectMany(Read))
            {
                if (applied.TryGetValue((migration.Schema, migration.Name), out var checksum))
                {
                    if (checksum != migration.Checksum)
                        throw new MigrationException($"Migration {migration.Schema}/{migration.Name} was changed after it had been applied. Restore the file; write a new migration for the change.");
                    continue;
                }

                await ApplyOneAsync(connection, migration, cancel);
                count++;
            }

            return count;
        }
        finally
        {
            await RunAsync(connection, null, $"select pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
        }
    }

    static async Task MakeRoleAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            await RunAsync(connection, null, RoleSql, cancel);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new MigrationException(
                $"The database user may not make the role that row security needs. Have an administrator run: create role {PersonalConnections.Role} nologin; grant {PersonalConnections.Role} to \"{connection.UserName}\";",
                failure);
        }
    }

    // What a module makes is open to the role; the policies of the tables say which rows.
    static string SchemaSql(string schema) => $"""
        create schema if not exists "{schema}";
        grant usage on schema "{schema}" to {PersonalConnections.Role};
        alter default privileges in schema "{schema}" grant select, insert, update, delete on tables to {PersonalConnections.Role};
        alter default privileges in schema "{schema}" grant usage on sequences to {PersonalConnections.Role};
        """;

    async Task ApplyOneAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        try
        {
            await RunAsync(connection, transaction, $"{SchemaSql(migration.Schema)}\n{migration.Sql}", cancel);
        }
        catch (PostgresException failure)
        {
            throw new MigrationException($"Migration {migration.Schema}/{migration.Name} failed: {failure.MessageText}", failure);
        }

        await using var record = new NpgsqlCommand("insert into kernel.migration (schema_name, name, checksum, applied_at) values ($1, $2, $3, $4)", connection, transaction)
        {
            Parameters =
            {
                new() { Value = migration.Schema }, new() { Value = migration.Name },
                new() { Value = migration.Checksum }, new() { Value = clock.GetUtcNow() },
            },
        };
        await record.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        LogApplied(logger, migration.Schema, migration.Name);
    }

    static async Task<Dictionary<(string, string), string>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var applied = new Dictionary<(string, string), string>();
        await using var command = new NpgsqlCommand("select schema_name, name, checksum from kernel.migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            applied.Add((reader.GetString(0), reader.GetString(1)), reader.GetString(2));
        return applied;
    }

    static IEnumerable<Migration> Read(MigrationSource from)
    {
        const string Folder = ".Migrations.";
        var names = from.Assembly.GetManifestResourceNames()
            .Where(name => name.Contains(Folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (var resource in names)
        {
            using var reader = new StreamReader(from.Assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
            var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
            yield return new Migration(from.Schema, resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..^4], sql, checksum);
        }
    }

    static async Task RunAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, CancellationToken cancel)
    {
        // CA2100: the text is an embedded migration or a constant of this class.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied migration {Schema}/{Name}")]
    static partial void LogApplied(ILogger logger, string schema, string name);

    sealed record Migration(string Schema, string Name, string Sql, string Checksum);
}

/// <summary>The schema cannot be brought to what this program expects. The message tells the operator why.</summary>
public sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
