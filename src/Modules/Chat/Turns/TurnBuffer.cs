using System.Text;
using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Voice;

namespace JeanTrail.Chat.Turns;

/// <summary>
/// What a turn has said so far. One writer appends, any number of readers follow at their own pace: a slow reader receives larger
/// pieces later and never holds up the writer or grows a queue.
/// </summary>
internal sealed class TurnBuffer
{
    readonly Lock gate = new();
    readonly StringBuilder text = new();
    readonly SentenceSplitter splitter;
    readonly List<SentenceEvent> sentences = [];
    readonly List<object> extras = [];
    readonly TurnParts parts = new();
    readonly int maxLength;
    readonly bool over;
    readonly TaskCompletionSource ended = NewSignal();
    TaskCompletionSource changed = NewSignal();
    int flushed;
    DoneEvent? end;

    /// <param name="turn">First event of each stream.</param>
    /// <param name="before">Text the answer already had; it was delivered and spoken in an earlier turn.</param>
    /// <param name="language">What to speak a sentence in when its letters do not tell; null when unknown.</param>
    /// <param name="maxLength">UTF-16 code units the whole answer may reach.</param>
    /// <param name="partsBefore">Parts the answer already had.</param>
    /// <param name="over">The turn has ended and its log of parts is gone: every reader gets the parts as they ended.</param>
    public TurnBuffer(TurnEvent turn, string before, string? language, int maxLength, IEnumerable<MessagePart>? partsBefore = null, bool over = false)
    {
        splitter = new SentenceSplitter(language);
        Turn = turn;
        this.maxLength = maxLength;
        this.over = over;
        flushed = BeginsAt = before.Length;
        Push(before);
        parts.Restore(partsBefore ?? []);
    }

    public TurnEvent Turn { get; }

    /// <summary>UTF-16 length of what the answer already had.</summary>
    public int BeginsAt { get; }

    public DoneEvent? End
    {
        get
        {
            lock (gate)
                return end;
        }
    }

    /// <summary>Completes with the answer.</summary>
    public Task Ended => ended.Task;

    public string Text
    {
        get
        {
            lock (gate)
                return text.ToString();
        }
    }

    /// <summary>The parts as they are now, whole.</summary>
    public IReadOnlyList<MessagePart> Parts
    {
        get
        {
            lock (gate)
                return parts.Whole;
        }
    }

    /// <summary>The model has said nothing yet in this turn; a note of ours is not its word.</summary>
    public bool HasNothingSince(TurnWork work)
    {
        lock (gate)
            return text.Length == work.Before.Length && parts.Whole.Count(part => part.Kind != "note") == work.PartsBefore.Count(part => part.Kind != "note");
    }

    public bool IsThinking
    {
        get
        {
            lock (gate)
                return parts.Growing is not null;
        }
    }

    /// <summary>Actions and citations in the order they came.</summary>
    public (IReadOnlyList<ClientAction> Actions, IReadOnlyList<Citation> Citations) Extras
    {
        get
        {
            lock (gate)
                return ([.. extras.OfType<ClientAction>()], [.. extras.OfType<Citation>()]);
        }
    }

    /// <summary>False when the answer would grow past its limit; what fits is kept.</summary>
    public bool Append(string delta)
    {
        lock (gate)
        {
            var fits = Math.Min(delta.Length, maxLength - text.Length);
            Push(fits == delta.Length ? delta : delta[..Math.Max(0, fits)]);
            Signal();
            return fits == delta.Length;
        }
    }

    /// <summary>Adds a <see cref="ClientAction"/> or a <see cref="Citation"/>.</summary>
    public void AddExtra(object extra)
    {
        lock (gate)
        {
            extras.Add(extra);
            Signal();
        }
    }

    /// <summary>Changes the parts. <paramref name="change"/> runs under the lock and gets the offset at which a new part stands.</summary>
    public void ChangeParts(Action<TurnParts, int> change)
    {
        lock (gate)
        {
            change(parts, SafeEnd());
            Signal();
        }
    }

    public void Finish(DoneEvent done)
    {
        lock (gate)
        {
            if (end is not null)
                return;
            AddSentences(splitter.Flush());
            end = done;
            Signal();
            ended.SetResult();
        }
    }

    /// <summary>The text that is not yet written down, and where it begins. A surrogate pair is never cut.</summary>
    public (int At, string Text) TakeUnflushed()
    {
        lock (gate)
        {
            var until = SafeEnd();
            var piece = text.ToString(flushed, Math.Max(0, until - flushed));
            return (flushed, piece);
        }
    }

    /// <summary>What happened to the parts that is not yet written down.</summary>
    public (IReadOnlyList<PartLogEntry> Entries, PartsPlace Until) TakeUnflushedParts()
    {
        lock (gate)
            return parts.Unflushed();
    }

    public void MarkFlushed(int until, PartsPlace partsUntil)
    {
        lock (gate)
        {
            flushed = Math.Max(flushed, until);
            parts.MarkFlushed(partsUntil);
        }
    }

    /// <summary>Where a reader really stands: fills in what a bare text length leaves open.</summary>
    public TurnCursor Resolve(TurnCursor cursor)
    {
        lock (gate)
        {
            var at = Math.Min(cursor.Text, text.Length);
            // Whoever stands past any text wants nothing but the end.
            var place = cursor.Text > text.Length && cursor.Parts < 0 ? parts.End
                : over || cursor.Parts < 0 ? default
                : new PartsPlace(Math.Min(cursor.Parts, parts.End.Changes), Math.Min(cursor.Reasoning, parts.End.Reasoning));
            return new TurnCursor(
                at,
                cursor.Sentences >= 0 ? Math.Min(cursor.Sentences, sentences.Count) : sentences.TakeWhile(sentence => sentence.End <= at).Count(),
                cursor.Extras >= 0 ? Math.Min(cursor.Extras, extras.Count) : extras.Count,
                place.Changes,
                place.Reasoning);
        }
    }

    /// <summary>Everything after <paramref name="cursor"/>, and a task that completes when there is more.</summary>
    public TurnSlice Read(TurnCursor cursor)
    {
        lock (gate)
        {
            var until = end is null ? SafeEnd() : text.Length;
            var delta = until > cursor.Text ? text.ToString(cursor.Text, until - cursor.Text) : "";
            var spoken = sentences.Count > cursor.Sentences ? sentences.GetRange(cursor.Sentences, sentences.Count - cursor.Sentences) : [];
            var more = extras.Count > cursor.Extras ? extras.GetRange(cursor.Extras, extras.Count - cursor.Extras) : [];
            return new TurnSlice(delta, spoken, more, parts.Read(new PartsPlace(cursor.Parts, cursor.Reasoning)), end, changed.Task);
        }
    }

    void Push(string delta)
    {
        // PostgreSQL's text cannot hold NUL.
        var clean = Clean(delta);
        text.Append(clean);
        AddSentences(splitter.Append(clean));
    }

    internal static string Clean(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;

    void AddSentences(IEnumerable<SpeakableSentence> found)
    {
        foreach (var sentence in found)
            sentences.Add(new SentenceEvent(sentence.Index, sentence.Start, sentence.End, sentence.Text, sentence.Language));
    }

    int SafeEnd() => text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;

    void Signal()
    {
        var waiting = changed;
        changed = NewSignal();
        waiting.TrySetResult();
    }

    // Continuations must not run under the lock of the writer.
    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <param name="Changed">Completes when the buffer has more than this slice.</param>
internal readonly record struct TurnSlice(
    string Delta, IReadOnlyList<SentenceEvent> Sentences, IReadOnlyList<object> Extras, IReadOnlyList<PartStep> Parts, DoneEvent? End, Task Changed);
