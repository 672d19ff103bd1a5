using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Hosting;

/// <summary>What this process does. By default one process does everything.</summary>
public sealed class Roles
{
    /// <summary>Answers browsers and API clients, and runs the turns they start.</summary>
    public const string Web = "web";

    /// <summary>Does what nobody waits for: events, jobs, periodic tasks, reminders.</summary>
    public const string Worker = "worker";

    static readonly string[] Known = [Web, Worker];
    readonly HashSet<string> active;

    /// <param name="configuration">Reads <c>Roles</c>: a list, or names separated by commas.</param>
    /// <exception cref="OptionsValidationException">A name is not a role.</exception>
    public Roles(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var listed = configuration.GetSection("Roles").Get<string[]>() ?? configuration["Roles"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        active = [.. listed is { Length: > 0 } ? listed : Known];
        if (active.FirstOrDefault(role => !Known.Contains(role)) is { } unknown)
            throw new OptionsValidationException("Roles", typeof(Roles), [$"'{unknown}' is not a role. Known: {string.Join(", ", Known)}."]);
    }

    public bool Has(string role) => active.Contains(role);
}

/// <summary>Services that only run in processes with the role they belong to.</summary>
public static class RoleServices
{
    /// <summary>Like <c>AddHostedService</c>, for loops that only a <see cref="Roles.Worker"/> runs. The service itself can be asked for anywhere.</summary>
    public static IServiceCollection AddWorkerService<TService>(this IServiceCollection services)
        where TService : class, IHostedService
    {
        services.TryAddSingleton<TService>();
        return services.AddWorkerService(provider => provider.GetRequiredService<TService>());
    }

    internal static IServiceCollection AddWorkerService(this IServiceCollection services, Func<IServiceProvider, IHostedService> create)
        => services.AddSingleton(provider => provider.GetService<Roles>()?.Has(Roles.Worker) ?? true ? create(provider) : new Absent());

    sealed class Absent : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
