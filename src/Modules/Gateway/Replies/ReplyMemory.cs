using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Replies;

/// <summary>The replies asked for last, in the memory of this node, up to a size; whoever was not asked for longest goes first.</summary>
internal sealed class ReplyMemory(IOptions<GatewayOptions> options, TimeProvider clock)
{
    readonly Lock gate = new();
    readonly Dictionary<ReplyKey, LinkedListNode<StoredReply>> byKey = [];
    readonly LinkedList<StoredReply> recent = new();
    long sizeBytes;

    internal StoredReply? Find(ReplyKey key)
    {
        lock (gate)
        {
            if (!byKey.TryGetValue(key, out var node))
                return null;
            recent.Remove(node);
            if (node.Value.ExpiresAt <= clock.GetUtcNow())
            {
                Forget(node);
                return null;
            }

            recent.AddFirst(node);
            return node.Value;
        }
    }

    internal void Put(StoredReply reply)
    {
        if (reply.SizeBytes > options.Value.ReplyMemoryBytes)
            return;
        lock (gate)
        {
            if (byKey.TryGetValue(reply.Key, out var old))
            {
                recent.Remove(old);
                Forget(old);
            }

            byKey[reply.Key] = recent.AddFirst(reply);
            sizeBytes += reply.SizeBytes;
            while (sizeBytes > options.Value.ReplyMemoryBytes)
            {
                var last = recent.Last!;
                recent.RemoveLast();
                Forget(last);
            }
        }
    }

    internal void Clear()
    {
        lock (gate)
        {
            byKey.Clear();
            recent.Clear();
            sizeBytes = 0;
        }
    }

    void Forget(LinkedListNode<StoredReply> node)
    {
        byKey.Remove(node.Value.Key);
        sizeBytes -= node.Value.SizeBytes;
    }
}
