using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Kernel;

/// <summary>The folder that holds everything this server keeps outside a database it was given: section <c>Data</c>.</summary>
public sealed record DataFolderOptions
{
    /// <summary>Absolute, or relative to the current folder.</summary>
    [Required]
    public string Path { get; init; } = "data";

    /// <summary>The absolute path of something in it.</summary>
    public string Combine(params ReadOnlySpan<string> names) => System.IO.Path.Combine([System.IO.Path.GetFullPath(Path), .. names]);
}

/// <summary>Which database: section <c>Database</c>.</summary>
public sealed record DatabaseOptions
{
    /// <summary>A PostgreSQL 15+ to use. Null runs a private one in the data folder.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The folder of the PostgreSQL programs for the private server. Null searches the usual places.</summary>
    public string? Binaries { get; init; }

    /// <summary>
    /// Most connections this process opens for the server's own work, and as many again for what it does for people. A private server
    /// allows 20 more than both.
    /// </summary>
    [Range(5, 1000)]
    public int MaxPoolSize { get; init; } = 40;

    /// <summary>How long to wait at the start for a server named by <see cref="ConnectionString"/>.</summary>
    public TimeSpan StartPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>PostgreSQL settings for the private server, such as <c>shared_buffers</c>, over our own.</summary>
    public Dictionary<string, string> Settings { get; init; } = new(StringComparer.Ordinal);
}

public static class KernelData
{
    /// <summary>
    /// Registers the database: <see cref="IDatabaseServer"/> (which the host starts first), <see cref="NpgsqlDataSource"/>,
    /// <see cref="Db"/>, <see cref="Migrator"/>, <see cref="IAudit"/> and the Kernel's own migrations. <paramref name="configuration"/> is the root.
    /// </summary>
    public static IServiceCollection AddKernelData(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DataFolderOptions>().Bind(configuration.GetSection("Data")).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection("Database")).ValidateDataAnnotations()
            .Validate(options => CanParse(options.ConnectionString), "Database:ConnectionString is not a PostgreSQL connection string.")
            .ValidateOnStart();
        services.AddSingleton(CreateServer);
        services.AddSingleton(CreateDataSource);
        services.AddSingleton(CreatePersonalConnections);
        services.AddSingleton<Db>();
        services.AddSingleton<Migrator>();
        services.AddOptions<AuditOptions>().Bind(configuration.GetSection("Audit")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<AuditOptions>>().Value.FileIn(provider.GetRequiredService<IOptions<DataFolderOptions>>().Value));
        services.AddHostedService<AuditAnchoring>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<IAuditVerification, AuditVerification>();
        services.AddSingleton<IAudit>(provider => provider.GetRequiredService<AuditTrail>());
        return services.AddMigrations("kernel", typeof(KernelData).Assembly);
    }

    static IDatabaseServer CreateServer(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        var clock = services.GetRequiredService<TimeProvider>();
        if (!string.IsNullOrWhiteSpace(options.ConnectionString))
            return new ExternalPostgres(options.ConnectionString, options.StartPatience, clock, services.GetRequiredService<ILogger<ExternalPostgres>>());
        var folder = services.GetRequiredService<IOptions<DataFolderOptions>>().Value.Path;
        var embedded = new EmbeddedPostgresOptions(folder, options.Binaries, options.Settings) { MaxConnections = 2 * options.MaxPoolSize + 20 };
        return new EmbeddedPostgres(embedded, clock, services.GetRequiredService<ILogger<EmbeddedPostgres>>());
    }

    static NpgsqlDataSource CreateDataSource(IServiceProvider services)
    {
        var builder = new NpgsqlDataSourceBuilder(services.GetRequiredService<IDatabaseServer>().ConnectionString);
        Configure(builder, services);
        return builder.Build();
    }

    static PersonalConnections CreatePersonalConnections(IServiceProvider services)
        => new(services.GetRequiredService<IDatabaseServer>().ConnectionString, builder => Configure(builder, services));

    static void Configure(NpgsqlDataSourceBuilder builder, IServiceProvider services)
    {
        builder.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
        // What an operator wrote into a connection string stands; a private server gets pools that shrink to nothing when idle.
        if (!services.GetRequiredService<IDatabaseServer>().Embedded)
            return;
        var pool = builder.ConnectionStringBuilder;
        pool.Pooling = true;
        pool.MinPoolSize = 0;
        pool.MaxPoolSize = services.GetRequiredService<IOptions<DatabaseOptions>>().Value.MaxPoolSize;
        pool.ConnectionIdleLifetime = 60;
        pool.ConnectionPruningInterval = 10;
        pool.Timeout = 30;
        pool.MaxAutoPrepare = 200;
        // Nothing here changes its session's settings, and putting them back takes seven statements each time.
        pool.NoResetOnClose = true;
    }

    static bool CanParse(string? connectionString)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(connectionString);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
