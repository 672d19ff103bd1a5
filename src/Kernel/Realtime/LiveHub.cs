using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Realtime;

/// <summary>The one hub for everything live: browsers subscribe to topics, and get <c>event</c> messages of <c>{topic, name, data}</c>.</summary>
[Authorize(Policies.SignedIn)]
internal sealed class LiveHub(TopicAuthorizers authorizers, LiveConnections connections, IOptions<LiveOptions> options) : Hub
{
    internal const string Path = "/hubs/live";

    const int LongestTopic = 200;
    static readonly object TopicsKey = new();

    public override async Task OnConnectedAsync()
    {
        Context.Items[TopicsKey] = new HashSet<string>(StringComparer.Ordinal);
        if (Caller.From(Context.User!) is { } caller && connections.Add(caller.SessionId, caller.UserId, Context))
            await base.OnConnectedAsync();
        else
            Context.Abort();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Caller.From(Context.User!) is { } caller)
            connections.Remove(caller.SessionId, caller.UserId, Context);
        return base.OnDisconnectedAsync(exception);
    }

    /// <exception cref="HubException">The topic is unknown or not the caller's, or the connection has too many.</exception>
    public async Task Subscribe(string topic)
    {
        var cancel = Context.ConnectionAborted;
        if (topic is not { Length: > 0 and <= LongestTopic } || Caller.From(Context.User!) is not { } caller
            || authorizers.Find(topic) is not { } authorizer || !await authorizer.MayListenAsync(caller, topic, cancel))
            throw new HubException("kernel.topic_forbidden");

        // Invocations of one connection run one after the other, so the set needs no lock.
        var topics = Topics;
        if (topics.Contains(topic))
            return;
        if (topics.Count >= options.Value.MaxTopicsPerConnection)
            throw new HubException("kernel.too_many_topics");
        await Groups.AddToGroupAsync(Context.ConnectionId, topic, cancel);
        topics.Add(topic);
    }

    public async Task Unsubscribe(string topic)
    {
        if (topic is not null && Topics.Remove(topic))
            await Groups.RemoveFromGroupAsync(Context.ConnectionId, topic, Context.ConnectionAborted);
    }

    HashSet<string> Topics => (HashSet<string>)Context.Items[TopicsKey]!;
}

/// <summary>Finds who decides about a topic: the authoriser with the longest matching prefix.</summary>
internal sealed class TopicAuthorizers(IEnumerable<ITopicAuthorizer> all)
{
    readonly ITopicAuthorizer[] longestFirst = [.. all.OrderByDescending(authorizer => authorizer.Prefix.Length)];

    internal ITopicAuthorizer? Find(string topic)
        => Array.Find(longestFirst, authorizer => topic.StartsWith(authorizer.Prefix, StringComparison.Ordinal));
}

/// <summary><c>user:{id}</c> is heard by that person alone.</summary>
internal sealed class UserTopicAuthorizer : ITopicAuthorizer
{
    public string Prefix => "user:";

    public ValueTask<bool> MayListenAsync(Caller caller, string topic, CancellationToken cancel)
        => ValueTask.FromResult(string.Equals(topic, UserTopics.Of(caller.UserId), StringComparison.Ordinal));
}

/// <summary>The topic that every device of a person listens to.</summary>
public static class UserTopics
{
    public static string Of(UserId user) => $"user:{user.Value}";
}
