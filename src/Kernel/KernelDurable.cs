using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Caching;
using JeanTrail.Kernel.Hosting;
using JeanTrail.Kernel.Idempotency;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Leases;
using JeanTrail.Kernel.Messaging;
using JeanTrail.Kernel.Realtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel;

/// <summary>What survives restarts and reaches other nodes: events, jobs, leases, live messages, blobs, the cache and idempotency keys.</summary>
public static class KernelDurable
{
    /// <summary>Registers all of it over the database of <see cref="KernelData"/>. <paramref name="configuration"/> is the root.</summary>
    public static IServiceCollection AddKernelDurable(this IServiceCollection services, IConfiguration configuration)
    {
        AddOptions<OutboxOptions>(services, configuration, "Outbox");
        AddOptions<JobOptions>(services, configuration, "Jobs");
        AddOptions<LiveOptions>(services, configuration, "Live");
        AddOptions<CacheOptions>(services, configuration, "Cache");
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => NodeIdentity.Create(provider.GetRequiredService<TimeProvider>()));

        AddMessagesBetweenNodes(services);
        AddEvents(services);
        AddJobs(services);
        AddLive(services);
        services.AddSingleton<ICache, MemoryCache>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<IdempotentRequests>();
        services.AddSingleton<IBlobStore>(provider => new DiskBlobStore(
            provider.GetRequiredService<IOptions<DataFolderOptions>>().Value.Combine("blobs"), provider.GetRequiredService<TimeProvider>()));
        return services.AddPeriodicTask<KernelUpkeep>("kernel.upkeep", TimeSpan.FromHours(1));
    }

    /// <summary>Maps the hub of live messages at <c>/hubs/live</c>.</summary>
    public static IEndpointRouteBuilder MapKernelDurable(this IEndpointRouteBuilder routes)
    {
        var hub = routes.MapHub<LiveHub>(LiveHub.Path, options => options.CloseOnAuthenticationExpiration = true);
        hub.RequireAuthorization(Policies.SignedIn).WithDisplayName("Live");
        hub.Add(OriginCheck.Require);
        return routes;
    }

    static void AddMessagesBetweenNodes(IServiceCollection services)
    {
        services.AddSingleton<PostgresBroadcast>();
        services.AddSingleton<IBroadcast>(provider => provider.GetRequiredService<PostgresBroadcast>());
        services.AddSingleton<IBroadcastGaps>(provider => provider.GetRequiredService<PostgresBroadcast>());

        // First among the hosted services: the others are woken through it.
        services.AddHostedService(provider => provider.GetRequiredService<PostgresBroadcast>());
        services.AddSingleton<ILeases, PostgresLeases>();
    }

    static void AddEvents(IServiceCollection services)
    {
        services.AddSingleton<IOutbox, Outbox>();
        services.AddSingleton<EventConsumers>();
        services.AddSingleton<EventReceiver>();
        services.AddSingleton<IEventTransport, PostgresTransport>();
        services.AddWorkerService<OutboxDispatcher>();
        services.AddWorkerService<DeliveryPump>();
    }

    static void AddJobs(IServiceCollection services)
    {
        services.AddSingleton<IJobs, JobQueue>();
        services.AddSingleton<JobHandlers>();
        services.AddSingleton<JobProgress>();

        // Services stop in reverse: the runner lets its jobs end while their leases are still kept.
        services.AddWorkerService<JobKeeper>();
        services.AddWorkerService<JobRunner>();
    }

    static void AddLive(IServiceCollection services)
    {
        const int LongestMessage = 4 * 1024;
        services.AddSignalR(options =>
        {
            options.MaximumReceiveMessageSize = LongestMessage;
            options.EnableDetailedErrors = false;
        });
        services.AddSingleton<TopicAuthorizers>();
        services.AddSingleton<ITopicAuthorizer, UserTopicAuthorizer>();
        services.AddSingleton<LiveConnections>();
        services.AddSingleton<ILiveConnections>(provider => provider.GetRequiredService<LiveConnections>());
        services.AddSingleton<ILiveStreams>(provider => provider.GetRequiredService<LiveConnections>());
        services.AddSingleton<IRealtime, LivePublisher>();
        services.AddHostedService<LiveRelay>();
    }

    static void AddOptions<TOptions>(IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class
        => services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
}
