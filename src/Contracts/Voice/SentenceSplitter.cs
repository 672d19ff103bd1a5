namespace JeanTrail.Contracts.Voice;

/// <param name="Index">0 for the first sentence of the text.</param>
/// <param name="Start">UTF-16 offset in the raw text, inclusive.</param>
/// <param name="End">UTF-16 offset in the raw text, exclusive.</param>
/// <param name="Text">What to say: Markdown stripped, never empty.</param>
/// <param name="Language"><see cref="LanguageGuess"/> of <paramref name="Text"/>.</param>
public readonly record struct SpeakableSentence(int Index, int Start, int End, string Text, string Language);

/// <summary>
/// Cuts Markdown that is still being written into sentences that can be said. What it finds does not depend on how the text
/// was cut into deltas. Code, formulas and tables are passed over. Not thread-safe; one per text.
/// </summary>
/// <param name="language">The language of the conversation, for sentences whose letters do not tell; null when unknown.</param>
public sealed class SentenceSplitter(string? language = null)
{
    /// <summary>From this length on a sentence is cut at a comma.</summary>
    const int LongSentence = 200;

    /// <summary>A comma nearer to the start than this is not worth a cut.</summary>
    const int ShortPart = 60;

    /// <summary>From this length on a sentence without commas is cut at a space.</summary>
    const int Endless = 400;

    readonly List<SpeakableSentence> found = [];
    string text = "";
    int offset;
    int position;
    int start = -1;
    int lastComma = -1;
    int lastSpace = -1;
    int index;
    bool atLineStart = true;
    bool inHeading;
    bool inCode;
    bool inLink;
    string? fence;

    /// <summary>Takes the next piece of the text and returns the sentences it completed, in order; most often none.</summary>
    public IReadOnlyList<SpeakableSentence> Append(string delta)
    {
        ArgumentNullException.ThrowIfNull(delta);
        text += delta;
        Scan(final: false);
        return Take();
    }

    /// <summary>Returns what is left when the text is over. Nothing may be appended afterwards but a continuation of the same text.</summary>
    public IReadOnlyList<SpeakableSentence> Flush()
    {
        Scan(final: true);
        Close(text.Length);
        return Take();
    }

    void Scan(bool final)
    {
        while (position < text.Length && (atLineStart ? StartLine(final) : Step(final)))
            CutWhenLong();
    }

    SpeakableSentence[] Take()
    {
        var used = start >= 0 ? start : position;
        text = text[used..];
        offset += used;
        position -= used;
        start = start >= 0 ? 0 : -1;
        lastComma = Math.Max(-1, lastComma - used);
        lastSpace = Math.Max(-1, lastSpace - used);
        var result = found.ToArray();
        found.Clear();
        return result;
    }

    /// <summary>Decides what kind of line begins; false when more of it must be seen first.</summary>
    bool StartLine(bool final)
    {
        var lineEnd = text.IndexOf('\n', position);
        var whole = final || lineEnd >= 0;
        var line = text.AsSpan(position, (lineEnd < 0 ? text.Length : lineEnd) - position);
        var indent = line.Length - line.TrimStart(" \t>\r").Length;
        line = line[indent..];
        var next = lineEnd < 0 ? text.Length : lineEnd + 1;

        if (fence is not null)
        {
            if (!whole)
                return false;
            if (fence[0] is '`' or '~' ? line.StartsWith(fence, StringComparison.Ordinal) : line.Contains(fence, StringComparison.Ordinal))
                fence = null;
            position = next;
            return true;
        }

        if (!whole && MarkdownBlocks.IsUndecided(line))
            return false;
        if (line.IsEmpty || MarkdownBlocks.IsSkipped(line, out fence))
        {
            Close(position);
            position = next;
            return true;
        }

        var marker = MarkdownLines.MarkerLength(line);
        if (marker > 0)
            Close(position);
        inHeading = marker > 0 && line[0] == '#';
        position += indent + marker;
        atLineStart = false;
        return true;
    }

    bool Step(bool final)
    {
        var c = text[position];
        var lookahead = position + 1 < text.Length;
        if (c == '\n')
        {
            if (inHeading)
                Close(position);
            inLink = false;
            atLineStart = true;
            position++;
            return true;
        }
        if (char.IsWhiteSpace(c))
        {
            lastSpace = start >= 0 ? position : lastSpace;
            position++;
            return true;
        }
        if (start < 0)
            start = position;
        if (c is '`' or ']' or ')')
            return lookahead || final ? Bracket(c) : false;
        if (inCode || inLink)
        {
            position++;
            return true;
        }
        if (SentenceEnds.Terminators.Contains(c))
            return Terminator(final);
        if (SentenceEnds.Commas.Contains(c))
        {
            if (!lookahead && !final)
                return false;
            if (!lookahead || char.IsWhiteSpace(text[position + 1]) || c is '،' or '؛' or '、')
                lastComma = position + 1;
        }
        position++;
        return true;
    }

    bool Bracket(char c)
    {
        if (c == '`')
            inCode = !inCode;
        else if (c == ')' && !inCode)
            inLink = false;
        else if (c == ']' && !inCode && position + 1 < text.Length && text[position + 1] == '(')
            inLink = true;
        position++;
        return true;
    }

    bool Terminator(bool final)
    {
        var end = position + 1;
        while (end < text.Length && (SentenceEnds.Terminators.Contains(text[end]) || SentenceEnds.Closers.Contains(text[end])))
            end++;
        var next = end;
        while (next < text.Length && text[next] is not '\n' && char.IsWhiteSpace(text[next]))
            next++;
        if (next == text.Length && !final)
            return false;
        var following = next < text.Length ? text[next] : '\n';
        var ends = next > end || following == '\n'
            ? !char.IsLower(following) && !(text[position] == '.' && end == position + 1 && SentenceEnds.IsAbbreviation(text, start, position, following))
            : text.AsSpan(position, end - position).ContainsAny("؟۔。！？");
        position = end;
        if (ends)
            Close(end);
        return true;
    }

    void CutWhenLong()
    {
        if (start < 0 || position - start < LongSentence)
            return;
        if (lastComma - start >= ShortPart)
            CutAt(lastComma);
        else if (position - start >= Endless)
            CutAt(lastSpace > start ? lastSpace : char.IsLowSurrogate(text[position - 1]) || !char.IsHighSurrogate(text[position - 1]) ? position : position - 1);
    }

    /// <summary>Ends the sentence at <paramref name="end"/> and reads on from there.</summary>
    void CutAt(int end)
    {
        var heading = inHeading;
        Close(end);
        (position, inHeading, atLineStart) = (end, heading, false);
    }

    void Close(int end)
    {
        if (start >= 0 && end > start)
        {
            var raw = text[start..end].TrimEnd();
            var speakable = SpeakableText.From(raw);
            if (!speakable.IsSilent)
            {
                var said = speakable.Text.Replace('\n', ' ');
                found.Add(new SpeakableSentence(index++, offset + start, offset + start + raw.Length, said, LanguageGuess.Of(said, language)));
            }
        }
        start = lastComma = lastSpace = -1;
        inHeading = inCode = inLink = false;
    }
}
