using JeanTrail.Contracts.Chat;

namespace JeanTrail.Chat.Trees;

internal sealed record TreeMessage(MessageId Id, MessageId? ParentId, string Role, string? ModelId, DateTimeOffset CreatedAt);

/// <summary>The messages of one conversation, cut into runs where they fork. The cost grows with the number of messages and with nothing else.</summary>
internal sealed class MessageTree
{
    readonly HashSet<MessageId> shown = [];

    /// <param name="messages">All of one conversation, those that were made earlier first.</param>
    /// <param name="head">The last message of the branch that is shown.</param>
    internal MessageTree(IReadOnlyList<TreeMessage> messages, MessageId? head)
    {
        var byId = messages.ToDictionary(message => message.Id);
        var children = messages.Where(message => message.ParentId is not null).ToLookup(message => message.ParentId!.Value);
        var at = head;
        while (at is { } id && byId.TryGetValue(id, out var message) && shown.Add(id))
            at = message.ParentId;

        // Depth first with a stack of its own: a conversation is deeper than the call stack.
        var begun = new Stack<TreeMessage>(messages.Where(message => message.ParentId is null).Reverse());
        var segments = new List<IReadOnlyList<TreeMessage>>();
        while (begun.TryPop(out var first))
        {
            var run = new List<TreeMessage> { first };
            var next = children[first.Id].ToList();
            for (; next.Count == 1; next = [.. children[run[^1].Id]])
                run.Add(next[0]);
            segments.Add(run);
            for (var child = next.Count - 1; child >= 0; child--)
                begun.Push(next[child]);
        }

        Segments = segments;
    }

    /// <summary>Runs of messages without a fork, each after the one it follows.</summary>
    internal IReadOnlyList<IReadOnlyList<TreeMessage>> Segments { get; }

    internal bool IsShown(MessageId id) => shown.Contains(id);
}
