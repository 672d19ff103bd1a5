using System.Data;
using Dapper;
using Npgsql;

namespace JeanTrail.Kernel.Data;

/// <summary>SQL against PostgreSQL, either on a connection of its own (<see cref="Db"/>) or inside a transaction (<see cref="Tx"/>).</summary>
public interface IDbSession
{
    /// <summary>All rows, mapped by snake_case column names.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken cancel);

    /// <summary>The only row, or default when there is none. More than one row is a bug and throws.</summary>
    Task<T?> FindAsync<T>(string sql, object? args, CancellationToken cancel);

    /// <summary>The number of rows affected.</summary>
    Task<int> ExecuteAsync(string sql, object? args, CancellationToken cancel);
}

/// <summary>
/// The database of this process. Each call takes a pooled connection for its duration, one of <paramref name="personal"/> in a person's
/// <see cref="RowScope"/>. Failures are <see cref="NpgsqlException"/>; the error mapping turns an unreachable database into 503 and unique
/// violations are for the caller to name.
/// </summary>
/// <param name="source">The server's own connections.</param>
public sealed class Db(NpgsqlDataSource source, PersonalConnections personal) : IDbSession
{
    /// <summary>Connections in the server's scope, whatever <see cref="RowScope"/> says.</summary>
    public NpgsqlDataSource Source { get; } = source;

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken cancel)
        => UseAsync<IReadOnlyList<T>>(async connection => (await connection.QueryAsync<T>(new CommandDefinition(sql, args, cancellationToken: cancel))).AsList(), cancel);

    public Task<T?> FindAsync<T>(string sql, object? args, CancellationToken cancel)
        => UseAsync(connection => connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, args, cancellationToken: cancel)), cancel);

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken cancel)
        => UseAsync(connection => connection.ExecuteAsync(new CommandDefinition(sql, args, cancellationToken: cancel)), cancel);

    /// <summary>Runs <paramref name="work"/> in one transaction (read committed): commits when it returns, rolls back when it throws.</summary>
    public Task<T> InTransactionAsync<T>(Func<Tx, Task<T>> work, CancellationToken cancel)
        => UseAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
                var result = await work(new Tx(connection, transaction));
                await transaction.CommitAsync(cancel);
                return result;
            },
            cancel);

    /// <inheritdoc cref="InTransactionAsync{T}"/>
    public Task InTransactionAsync(Func<Tx, Task> work, CancellationToken cancel)
        => InTransactionAsync(async tx =>
        {
            await work(tx);
            return true;
        }, cancel);

    async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = RowScope.Person is { } person ? await personal.OpenAsync(person, cancel) : await Source.OpenConnectionAsync(cancel);
        try
        {
            return await work(connection);
        }
        catch (NpgsqlException) when (connection.FullState.HasFlag(ConnectionState.Broken))
        {
            // What cut this connection cut the idle ones too, most likely: a database that was restarted.
            Source.Clear();
            personal.Clear();
            throw;
        }
    }
}

/// <summary>An open transaction. Lives no longer than the call it was handed to.</summary>
public sealed class Tx : IDbSession
{
    internal Tx(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        Connection = connection;
        Transaction = transaction;
    }

    public NpgsqlConnection Connection { get; }

    public NpgsqlTransaction Transaction { get; }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? args, CancellationToken cancel)
        => (await Connection.QueryAsync<T>(new CommandDefinition(sql, args, Transaction, cancellationToken: cancel))).AsList();

    public Task<T?> FindAsync<T>(string sql, object? args, CancellationToken cancel)
        => Connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, args, Transaction, cancellationToken: cancel));

    public Task<int> ExecuteAsync(string sql, object? args, CancellationToken cancel)
        => Connection.ExecuteAsync(new CommandDefinition(sql, args, Transaction, cancellationToken: cancel));

    /// <summary>
    /// Several statements, separated by semicolons, in one round trip; <paramref name="read"/> takes their results in order. Each statement
    /// sees what the one before it did.
    /// </summary>
    public async Task<T> QueryManyAsync<T>(string sql, object? args, Func<SqlMapper.GridReader, Task<T>> read, CancellationToken cancel)
    {
        await using var results = await Connection.QueryMultipleAsync(new CommandDefinition(sql, args, Transaction, cancellationToken: cancel));
        return await read(results);
    }
}
