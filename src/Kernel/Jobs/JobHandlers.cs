using JeanTrail.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Kernel.Jobs;

/// <summary>How the jobs of one kind are treated.</summary>
/// <param name="MaxAttempts">Attempts in all, counting those that ended with the death of a node.</param>
public sealed record JobPolicy(int MaxAttempts = 5)
{
    /// <summary>The pause after the first failure; it doubles with each further one.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many of the kind one node runs at once; null for as many as it runs jobs. For what takes long, so that it does not take all places.</summary>
    public int? AtOnce { get; init; }
}

public static class JobRegistrationExtensions
{
    /// <summary>Lets this process run the jobs of <typeparamref name="THandler"/>'s kind; each run gets a scope and an instance of its own.</summary>
    public static IServiceCollection AddJobHandler<THandler, TArguments>(this IServiceCollection services, JobPolicy? policy = null)
        where THandler : class, IJobHandler<TArguments>
    {
        services.TryAddScoped<THandler>();
        return services.AddSingleton(new JobRegistration(THandler.Kind, policy ?? new JobPolicy(), static (provider, arguments, context, cancel)
            => provider.GetRequiredService<THandler>().RunAsync(DurableJson.Deserialize<TArguments>(arguments), context, cancel)));
    }
}

internal sealed record JobRegistration(string Kind, JobPolicy Policy, Func<IServiceProvider, string, JobContext, CancellationToken, Task> RunAsync);

/// <summary>The kinds of jobs this process runs.</summary>
internal sealed class JobHandlers
{
    readonly Dictionary<string, JobRegistration> byKind = new(StringComparer.Ordinal);

    public JobHandlers(IEnumerable<JobRegistration> registrations)
    {
        foreach (var registration in registrations)
        {
            if (!byKind.TryAdd(registration.Kind, registration))
                throw new InvalidOperationException($"Two handlers are registered for jobs of kind {registration.Kind}.");
        }

        Kinds = [.. byKind.Keys];
    }

    internal string[] Kinds { get; }

    internal JobRegistration this[string kind] => byKind[kind];
}
