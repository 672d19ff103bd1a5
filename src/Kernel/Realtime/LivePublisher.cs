using System.Text;
using System.Text.Json;
using JeanTrail.Kernel.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Realtime;

/// <summary>Live events through the broadcast, so that the browsers of every node get them.</summary>
internal sealed partial class LivePublisher(IBroadcast broadcast, ILogger<LivePublisher> logger) : IRealtime
{
    internal const string Channel = "kernel.live";

    const int LongestData = 6 * 1024;

    public async Task PublishAsync(string topic, string name, object data, CancellationToken cancel)
    {
        var json = JsonSerializer.SerializeToElement(data, data.GetType(), DurableJson.Options);
        if (Encoding.UTF8.GetByteCount(json.GetRawText()) > LongestData)
            throw new ArgumentException($"{name} is larger than {LongestData} bytes: send an id and let the client ask.", nameof(data));
        try
        {
            await broadcast.SendAsync(Channel, DurableJson.Serialize(new LiveEvent(topic, name, json)), cancel);
        }
        catch (NpgsqlException failure)
        {
            // Best effort: the state is in tables, and what was done must not fail because nobody could be told.
            KernelMetrics.LivePublishFailures.Add(1);
            LogFailed(logger, failure, name);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Live event {Name} could not be sent")]
    static partial void LogFailed(ILogger logger, Exception failure, string name);
}

/// <summary>As it goes to the browser.</summary>
internal sealed record LiveEvent(string Topic, string Name, JsonElement Data);

/// <summary>Passes live events of all nodes to the browsers of this one.</summary>
internal sealed class LiveRelay(IBroadcast broadcast, IHubContext<LiveHub> hub) : IHostedService
{
    IDisposable? listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listening = broadcast.Listen(LivePublisher.Channel, (payload, cancel) =>
        {
            var message = DurableJson.Deserialize<LiveEvent>(payload);
            return hub.Clients.Group(message.Topic).SendAsync("event", message, cancel);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        listening?.Dispose();
        return Task.CompletedTask;
    }
}
