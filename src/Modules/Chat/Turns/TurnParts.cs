using System.Text;
using JeanTrail.Chat.Messages;

namespace JeanTrail.Chat.Turns;

/// <summary>
/// The parts of an answer while it is written: a list of changes, and beside it all reasoning as one growing text, so that a reader's
/// place is two numbers and a long thought is never sent or written again. Not safe by itself: <see cref="TurnBuffer"/> locks.
/// </summary>
internal sealed class TurnParts
{
    readonly List<Change> changes = [];
    readonly SortedDictionary<int, Slot> slots = [];
    readonly StringBuilder reasoning = new();
    PartsPlace flushed;

    /// <summary>The reasoning that grows, if any does.</summary>
    public MessagePart? Growing => changes.Count > 0 && changes[^1].Growing is { } ordinal ? slots[ordinal].Part : null;

    public PartsPlace End => new(changes.Count, reasoning.Length);

    public int NextOrdinal => slots.Count == 0 ? 0 : slots.Keys.Last() + 1;

    public int ReasoningLength => reasoning.Length;

    /// <summary>Parts as they are now, whole.</summary>
    public IReadOnlyList<MessagePart> Whole => [.. slots.Values.Select(WholeOf)];

    public MessagePart? FindCall(string callId) => slots.Values.Select(slot => slot.Part).LastOrDefault(part => part.Kind == "tool" && part.CallId == callId);

    public IEnumerable<MessagePart> RunningTools => [.. slots.Values.Select(slot => slot.Part).Where(part => part is { Kind: "tool", State: MessagePart.Running })];

    /// <summary>Parts that were there before, and are written down already.</summary>
    public void Restore(IEnumerable<MessagePart> parts)
    {
        foreach (var part in parts)
            Put(part);
        flushed = End;
    }

    /// <summary>Adds a part, or replaces the one with its ordinal.</summary>
    public void Put(MessagePart part)
    {
        var grown = changes.Count > 0 ? changes[^1].Growing : null;
        if (part is { Kind: "reasoning", State: MessagePart.Running, Text: null })
        {
            slots[part.Ordinal] = new Slot(part, reasoning.Length, null);
            grown = part.Ordinal;
        }
        else
        {
            var before = slots.GetValueOrDefault(part.Ordinal);
            slots[part.Ordinal] = new Slot(part, before?.Start ?? reasoning.Length, grown == part.Ordinal ? reasoning.Length : before?.Until ?? reasoning.Length);
            if (grown == part.Ordinal)
                grown = null;
        }

        changes.Add(new Change(part, reasoning.Length, grown));
    }

    /// <summary>More of the reasoning that grows.</summary>
    public void Think(string text) => reasoning.Append(text);

    /// <summary>Does again what the log of another node, or of an earlier run, says.</summary>
    public void Replay(PartLogEntry entry)
    {
        if (entry.Body is not null)
        {
            if (entry.Change == changes.Count + 1)
                Put(PartJson.Read(entry.Body));
        }
        else if (reasoning.Length - (entry.Step - 1) is var known && known >= 0 && known < entry.Text.Length)
        {
            reasoning.Append(entry.Text, known, entry.Text.Length - known);
        }
    }

    /// <summary>Takes over how the parts ended, where that is not what is here.</summary>
    public void Settle(IReadOnlyList<MessagePart> final)
    {
        foreach (var part in final)
        {
            if (!slots.TryGetValue(part.Ordinal, out var slot) || WholeOf(slot) != part)
                Put(part);
        }
    }

    /// <summary>What follows <paramref name="from"/>, in order, each with the place after it.</summary>
    public List<PartStep> Read(PartsPlace from)
    {
        var steps = new List<PartStep>();
        var (at, read) = (from.Changes, from.Reasoning);
        while (true)
        {
            var until = at < changes.Count ? changes[at].ReasoningAt : SafeEnd();
            if (until > read && at > 0 && changes[at - 1].Growing is { } ordinal)
            {
                var delta = new PartDeltaEvent(ordinal, read - slots[ordinal].Start, reasoning.ToString(read, until - read));
                steps.Add(new PartStep(null, delta, new PartsPlace(at, read), new PartsPlace(at, until)));
                read = until;
            }

            if (at >= changes.Count)
                return steps;
            var place = new PartsPlace(at, read);
            at++;
            steps.Add(new PartStep(changes[at - 1].Part, null, place, new PartsPlace(at, read)));
        }
    }

    /// <summary>What is not yet written down, and where writing it down gets to.</summary>
    public (IReadOnlyList<PartLogEntry> Entries, PartsPlace Until) Unflushed()
    {
        var steps = Read(flushed);
        return ([.. steps.Select(EntryOf)], steps.Count > 0 ? steps[^1].After : flushed);
    }

    public void MarkFlushed(PartsPlace until) => flushed = until;

    static PartLogEntry EntryOf(PartStep step) => step.Part is { } part
        ? new PartLogEntry(step.After.Changes, 0, "", PartJson.Write(part))
        : new PartLogEntry(step.Before.Changes, step.Before.Reasoning + 1, step.Delta!.Text, null);

    MessagePart WholeOf(Slot slot) => slot.Part is { Kind: "reasoning", Text: null } part
        ? part with { Text = reasoning.ToString(slot.Start, (slot.Until ?? reasoning.Length) - slot.Start) }
        : slot.Part;

    // Half of a surrogate pair waits for its other half.
    int SafeEnd() => reasoning.Length > 0 && char.IsHighSurrogate(reasoning[^1]) ? reasoning.Length - 1 : reasoning.Length;

    /// <param name="ReasoningAt">How much reasoning there was before it.</param>
    /// <param name="Growing">Which part grows after it.</param>
    sealed record Change(MessagePart Part, int ReasoningAt, int? Growing);

    /// <param name="Until">Null while it grows.</param>
    sealed record Slot(MessagePart Part, int Start, int? Until);
}

/// <summary>How much of the parts a reader has.</summary>
internal readonly record struct PartsPlace(int Changes, int Reasoning);

/// <summary>One event about parts: a part as it is now, or more of its text.</summary>
internal sealed record PartStep(MessagePart? Part, PartDeltaEvent? Delta, PartsPlace Before, PartsPlace After);
