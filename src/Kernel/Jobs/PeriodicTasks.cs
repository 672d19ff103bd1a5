using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Leases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Jobs;

/// <summary>Small upkeep that runs again and again, on one node at a time. Long or important work is a job.</summary>
public interface IPeriodicTask
{
    /// <param name="cancel">Cancelled when the node stops or another has taken over.</param>
    Task RunAsync(CancellationToken cancel);
}

public static class PeriodicTaskRegistration
{
    /// <summary>Runs <typeparamref name="TTask"/> on one of the nodes, once per interval over all of them, and first soon after the start.</summary>
    /// <param name="name">Such as <c>chat.purge-deleted</c>. It identifies the task in the database.</param>
    /// <param name="interval">At least a second.</param>
    public static IServiceCollection AddPeriodicTask<TTask>(this IServiceCollection services, string name, TimeSpan interval)
        where TTask : class, IPeriodicTask
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromSeconds(1));
        services.TryAddScoped<TTask>();
        return services.AddWorkerService(provider => ActivatorUtilities.CreateInstance<PeriodicTaskLoop>(
            provider, new PeriodicTaskDefinition(name, interval, static scope => scope.GetRequiredService<TTask>())));
    }
}

internal sealed record PeriodicTaskDefinition(string Name, TimeSpan Interval, Func<IServiceProvider, IPeriodicTask> Create);

internal sealed partial class PeriodicTaskLoop(
    PeriodicTaskDefinition task, Db db, ILeases leases, IServiceScopeFactory scopes, TimeProvider clock, ILogger<PeriodicTaskLoop> logger)
    : DatabaseLoop($"periodic:{task.Name}", clock, logger)
{
    static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    // A tenth of the interval of grace, or nodes that wake a little early would wait for a whole further interval.
    const string DueSql = """
        insert into kernel.periodic_task (name, last_run_at) values (@Name, @Now)
        on conflict (name) do update set last_run_at = excluded.last_run_at
        where periodic_task.last_run_at <= @Before
        returning last_run_at
        """;

    protected override async Task IterateAsync(CancellationToken cancel)
    {
        await RunIfDueAsync(cancel);
        Working();
        await Task.Delay(task.Interval, Clock, cancel);
    }

    async Task RunIfDueAsync(CancellationToken cancel)
    {
        await using var lease = await leases.TryAcquireAsync($"periodic:{task.Name}", LeaseDuration, cancel);
        if (lease is null)
            return;
        var now = Clock.GetUtcNow();
        if (await db.FindAsync<DateTimeOffset?>(DueSql, new { task.Name, Now = now, Before = now - task.Interval * 0.9 }, cancel) is null)
            return;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, cancel);
        await using var scope = scopes.CreateAsyncScope();
        var outcome = "failed";
        try
        {
            await task.Create(scope.ServiceProvider).RunAsync(limited.Token);
            outcome = "done";
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            // The next interval is the next attempt.
            LogFailed(Logger, failure, task.Name);
        }
        finally
        {
            KernelMetrics.PeriodicRuns.Add(1, new("task", task.Name), new("outcome", outcome));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Periodic task {Task} failed")]
    static partial void LogFailed(ILogger logger, Exception failure, string task);
}
