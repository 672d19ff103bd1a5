using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JeanTrail.Kernel.Messaging;

public static class EventConsumerRegistration
{
    /// <summary>Lets <typeparamref name="TConsumer"/> react to <typeparamref name="TEvent"/>; each delivery gets a scope and an instance of its own.</summary>
    /// <param name="name">Such as <c>chat.count-turns</c>. It identifies the consumer's deliveries in the database: never rename it.</param>
    public static IServiceCollection AddEventConsumer<TEvent, TConsumer>(this IServiceCollection services, string name)
        where TEvent : IEvent
        where TConsumer : class, IEventConsumer<TEvent>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.TryAddScoped<TConsumer>();
        return services.AddSingleton(new ConsumerRegistration(name, TEvent.EventName, static (provider, payload, context, transaction, cancel)
            => provider.GetRequiredService<TConsumer>().HandleAsync(DurableJson.Deserialize<TEvent>(payload), context, transaction, cancel)));
    }
}

internal sealed record ConsumerRegistration(
    string Consumer, string EventName, Func<IServiceProvider, string, EventContext, Tx, CancellationToken, Task> HandleAsync);

/// <summary>The consumers of this process, by name.</summary>
internal sealed class EventConsumers
{
    readonly Dictionary<(string Consumer, string EventName), ConsumerRegistration> byName = [];

    public EventConsumers(IEnumerable<ConsumerRegistration> registrations)
    {
        foreach (var registration in registrations)
        {
            if (!byName.TryAdd((registration.Consumer, registration.EventName), registration))
                throw new InvalidOperationException($"Two consumers are called {registration.Consumer} for {registration.EventName}.");
        }

        Names = [.. byName.Keys.Select(key => key.Consumer).Distinct(StringComparer.Ordinal)];
    }

    internal string[] Names { get; }

    internal IReadOnlyCollection<ConsumerRegistration> All => byName.Values;

    internal ConsumerRegistration? Find(string consumer, string eventName) => byName.GetValueOrDefault((consumer, eventName));
}
