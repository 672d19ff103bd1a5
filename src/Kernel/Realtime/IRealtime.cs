using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Realtime;

/// <summary>Sends live events to every browser subscribed to a topic, whichever node it is connected to. Best effort: state lives in tables.</summary>
public interface IRealtime
{
    /// <param name="topic">Such as <c>user:{id}</c>.</param>
    /// <param name="name">Such as <c>chat.conversation-changed</c>.</param>
    /// <param name="data">Small JSON: ids and numbers. At most 6 kB serialised.</param>
    Task PublishAsync(string topic, string name, object data, CancellationToken cancel);
}

/// <summary>Decides who may listen to the topics that begin with <see cref="Prefix"/>.</summary>
public interface ITopicAuthorizer
{
    /// <summary>Such as <c>user:</c>.</summary>
    string Prefix { get; }

    ValueTask<bool> MayListenAsync(Caller caller, string topic, CancellationToken cancel);
}

/// <summary>Messages between the nodes of one installation. Best effort and unordered; wakes, never carries the only copy.</summary>
public interface IBroadcast
{
    /// <param name="payload">At most 7,900 bytes of UTF-8 (PostgreSQL's NOTIFY limit).</param>
    Task SendAsync(string channel, string payload, CancellationToken cancel);

    /// <summary>Calls <paramref name="handler"/> for each message, also this node's own, until disposed.</summary>
    IDisposable Listen(string channel, Func<string, CancellationToken, Task> handler);
}
