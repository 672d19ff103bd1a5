using JeanTrail.Kernel.Data;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>Whether this node can serve.</summary>
/// <param name="Checks">Each part and <c>ok</c>, or a word on what is wrong.</param>
public sealed record ReadinessReport(bool Ready, IReadOnlyDictionary<string, string> Checks);

/// <summary>Tells whether this node can serve: its database answers and is migrated, and it is not being stopped.</summary>
public interface IReadiness
{
    /// <summary>At most a second old; never throws for a failing part.</summary>
    Task<ReadinessReport> CheckAsync(CancellationToken cancel);
}

internal sealed class Readiness(Db db, IEnumerable<MigrationSource> migrations, IHostApplicationLifetime lifetime, TimeProvider clock) : IReadiness, IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim one = new(1, 1);
    ReadinessReport? last;
    long lastAt;
    bool migrated;

    public async Task<ReadinessReport> CheckAsync(CancellationToken cancel)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return new ReadinessReport(false, new Dictionary<string, string>(StringComparer.Ordinal) { ["server"] = "stopping" });
        await one.WaitAsync(cancel);
        try
        {
            if (last is null || clock.GetElapsedTime(lastAt) >= Fresh)
            {
                last = await AskAsync(cancel);
                lastAt = clock.GetTimestamp();
            }

            return last;
        }
        finally
        {
            one.Release();
        }
    }

    async Task<ReadinessReport> AskAsync(CancellationToken cancel)
    {
        var checks = new Dictionary<string, string>(StringComparer.Ordinal);
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            // What was migrated stays so; afterwards one round trip is enough.
            migrated = migrated || await IsMigratedAsync(both.Token);
            if (migrated)
                await db.FindAsync<int>("select 1", null, both.Token);
            checks["database"] = "ok";
            checks["migrations"] = migrated ? "ok" : "pending";
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            checks["database"] = "unreachable";
        }

        return new ReadinessReport(checks.Values.All(state => state == "ok"), checks);
    }

    async Task<bool> IsMigratedAsync(CancellationToken cancel)
    {
        if (!await db.FindAsync<bool>("select to_regclass('kernel.migration') is not null", null, cancel))
            return false;
        var applied = await db.QueryAsync<string>("select schema_name || '/' || name from kernel.migration", null, cancel);
        return migrations.SelectMany(Names).All(applied.ToHashSet(StringComparer.Ordinal).Contains);
    }

    static IEnumerable<string> Names(MigrationSource source)
    {
        const string Folder = ".Migrations.";
        return source.Assembly.GetManifestResourceNames()
            .Where(name => name.Contains(Folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => $"{source.Schema}/{name[(name.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..^4]}");
    }

    public void Dispose() => one.Dispose();
}
