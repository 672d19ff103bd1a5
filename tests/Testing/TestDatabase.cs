using System.Collections.Concurrent;
using System.Globalization;
using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace JeanTrail.Testing;

/// <summary>A database of one's own: cloned from a template that holds the migrated schemas, dropped at the end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Templates = new(StringComparer.Ordinal);
    static int counter;

    readonly string name;
    readonly PersonalConnections personal;

    TestDatabase(string name, string connectionString)
    {
        this.name = name;
        ConnectionString = connectionString;
        Source = NpgsqlDataSource.Create(connectionString);
        personal = new PersonalConnections(connectionString);
        Db = new Db(Source, personal);
    }

    /// <summary>For a process or host that opens its own pool.</summary>
    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public Db Db { get; }

    /// <summary>The Kernel's own schema, which every other one builds on.</summary>
    public static MigrationSource KernelMigrations { get; } = new("kernel", typeof(Db).Assembly);

    /// <summary>A database with the Kernel's schema and these. Each distinct list is migrated once per process.</summary>
    public static async Task<TestDatabase> CreateAsync(params MigrationSource[] sources)
    {
        MigrationSource[] all = [KernelMigrations, .. sources.Where(source => source.Schema != "kernel")];
        var key = string.Join('|', all.Select(source => $"{source.Schema}={source.Assembly.FullName}"));
        return await CloneAsync(await Templates.GetOrAdd(key, _ => new(() => MakeTemplateAsync(all))).Value);
    }

    /// <summary>A database with nothing in it.</summary>
    public static Task<TestDatabase> CreateEmptyAsync() => CloneAsync("template0");

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await personal.DisposeAsync();
        await RunAsync($"drop database if exists {name} with (force)");
    }

    /// <summary>Cuts every connection and lets nobody in, as a database that is down does.</summary>
    public Task RefuseConnectionsAsync()
        => RunAsync($"alter database {name} allow_connections false", $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");

    public Task AcceptConnectionsAsync() => RunAsync($"alter database {name} allow_connections true");

    static async Task<TestDatabase> CloneAsync(string template)
    {
        var clone = NextName("test");
        await RunAsync($"create database {clone} template {template}");
        return new TestDatabase(clone, await ConnectionStringAsync(clone, pooling: true));
    }

    static async Task<string> MakeTemplateAsync(MigrationSource[] sources)
    {
        var template = NextName("template");
        await RunAsync($"create database {template}");
        // Without a pool nothing stays connected, which cloning forbids.
        await using var source = NpgsqlDataSource.Create(await ConnectionStringAsync(template, pooling: false));
        await new Migrator(source, sources, TimeProvider.System, NullLogger<Migrator>.Instance).ApplyAsync(CancellationToken.None);
        return template;
    }

    static async Task<string> ConnectionStringAsync(string database, bool pooling)
        => new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync())
        {
            Database = database,
            Pooling = pooling,
            MaxPoolSize = 20,
            ConnectionIdleLifetime = 5,
            ConnectionPruningInterval = 1,
            IncludeErrorDetail = true,
        }.ConnectionString;

    static async Task RunAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(await PostgresServer.ConnectionStringAsync());
        await connection.OpenAsync();
        foreach (var sql in statements)
        {
            // CA2100: the names are made here.
#pragma warning disable CA2100
            await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }
    }

    static string NextName(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{Interlocked.Increment(ref counter)}");
}
