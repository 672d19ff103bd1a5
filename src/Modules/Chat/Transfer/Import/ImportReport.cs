namespace JeanTrail.Chat.Transfer.Import;

/// <summary>What an import took and what it did not, and why.</summary>
/// <param name="Taken">Conversations that are new here.</param>
/// <param name="Grown">Conversations that were here and got what was new in the file, or came back from the bin.</param>
/// <param name="Already">Conversations that were here just so.</param>
/// <param name="Skipped">Conversations that could not be taken.</param>
/// <param name="SkippedItems">The first of those, by title.</param>
/// <param name="LeftOut">What could not be taken of the conversations that were, by kind: <c>tools thoughts system media files marks storage</c>.</param>
internal sealed record ImportReport(
    int Taken, int Grown, int Already, int Messages, int Files, int Skipped, IReadOnlyList<SkippedItem> SkippedItems, IReadOnlyDictionary<string, int> LeftOut)
{
    const int MostItems = 100;

    internal static ImportReport Nothing { get; } = new(0, 0, 0, 0, 0, 0, [], new Dictionary<string, int>(StringComparer.Ordinal));

    internal static ImportReport Example { get; } = Nothing with { Taken = 41, Messages = 1_204, Skipped = 1, SkippedItems = [new("New chat", "empty")], LeftOut = new Dictionary<string, int> { ["tools"] = 12 } };

    public ImportReport Skip(string title, string reason)
        => this with { Skipped = Skipped + 1, SkippedItems = SkippedItems.Count < MostItems ? [.. SkippedItems, new SkippedItem(title, reason)] : SkippedItems };

    public ImportReport Add(WrittenTalk written)
    {
        var leftOut = new Dictionary<string, int>(LeftOut, StringComparer.Ordinal);
        // What was left out is told when the conversation comes, not each time the file is read again.
        if (written.Outcome != TalkOutcome.Already)
        {
            foreach (var (kind, count) in written.LeftOut)
                leftOut[kind] = leftOut.GetValueOrDefault(kind) + count;
        }

        return this with
        {
            Taken = Taken + (written.Outcome == TalkOutcome.Taken ? 1 : 0),
            Grown = Grown + (written.Outcome == TalkOutcome.Grown ? 1 : 0),
            Already = Already + (written.Outcome == TalkOutcome.Already ? 1 : 0),
            Messages = Messages + written.Messages,
            Files = Files + written.Files,
            LeftOut = leftOut,
        };
    }
}

/// <param name="Reason"><c>empty malformed too-large unknown-shape</c>.</param>
internal sealed record SkippedItem(string Title, string Reason);

internal enum TalkOutcome
{
    Taken,
    Grown,
    Already,
}

internal sealed record WrittenTalk(TalkOutcome Outcome, int Messages, int Files, IReadOnlyDictionary<string, int> LeftOut);
