namespace JeanTrail.Chat.Transfer.Import;

/// <summary>A message with the ids it will have here.</summary>
internal sealed record PlacedMessage(Guid Id, Guid? Parent, DateTimeOffset CreatedAt, ImportedMessage Message);

/// <summary>Makes a tree of what a stranger calls one: each message once, each below one that is there, no circles.</summary>
internal static class ImportTree
{
    public static List<PlacedMessage> Place(ImportedTalk talk, DateTimeOffset createdAt, ImportIds ids)
    {
        var byId = new Dictionary<string, ImportedMessage>(StringComparer.Ordinal);
        foreach (var message in talk.Messages)
            byId.TryAdd(message.SourceId, message);
        var children = byId.Values.ToLookup(message => message.Parent is { } parent && byId.ContainsKey(parent) ? parent : "", StringComparer.Ordinal);
        var placed = new List<PlacedMessage>(byId.Count);
        var next = new Queue<(string Parent, Guid? Id, DateTimeOffset At)>();
        next.Enqueue(("", null, createdAt));
        // From the beginnings downwards: what stands in a circle is reached from none of them.
        while (next.TryDequeue(out var above))
        {
            var ties = new Dictionary<long, int>();
            foreach (var message in children[above.Parent])
            {
                // Without a time of its own a message is as old as what it answers.
                var at = message.CreatedAt ?? above.At;
                var instant = at.ToUnixTimeMilliseconds();
                var tie = ties[instant] = ties.GetValueOrDefault(instant, -1) + 1;
                var id = ids.Make(at, tie, "message", talk.SourceId, message.SourceId);
                placed.Add(new PlacedMessage(id, above.Id, at, message));
                next.Enqueue((message.SourceId, id, at));
            }
        }

        return placed;
    }

    /// <summary>The end of the branch that was shown; without one the message that was written last and has nothing below it.</summary>
    public static Guid? Head(ImportedTalk talk, IReadOnlyList<PlacedMessage> placed)
    {
        if (placed.FirstOrDefault(message => message.Message.SourceId == talk.Head) is { } head)
            return head.Id;
        var parents = placed.Select(message => message.Parent).ToHashSet();
        return placed.Where(message => !parents.Contains(message.Id)).MaxBy(message => message.CreatedAt)?.Id;
    }
}
