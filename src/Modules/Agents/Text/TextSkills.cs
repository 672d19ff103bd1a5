using System.Globalization;
using System.Text;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Text;

/// <summary>Words, characters, sentences and the time it takes to read them.</summary>
internal sealed class TextCountSkill : IInstantSkill
{
    /// <summary>Words a minute in silent reading. Source: Brysbaert, How many words do we read per minute? (2019).</summary>
    const int WordsPerMinute = 238;

    public string Id => "text-count";

    public Answer? Try(SkillCall call)
    {
        var text = call.Tag == "earlier" ? SourceText.Earlier(call)?.Text : call.GivenText();
        if (text is null)
            return call.Tag == "earlier" ? call.Say("nothing") : null;
        var words = CountWords(text);
        var characters = new StringInfo(text).LengthInTextElements;
        var seconds = Math.Max(1, (int)Math.Round(words * 60.0 / WordsPerMinute));
        var reading = seconds < 60 ? Counts.Write(call.Numbers, "second", seconds) : Counts.Write(call.Numbers, "minute", (int)Math.Round(seconds / 60.0));
        return call.Say("result",
            Counts.Write(call.Numbers, "word", words),
            Counts.Write(call.Numbers, "character", characters),
            Counts.Write(call.Numbers, "sentence", Sentences.Read(text).Count),
            reading);
    }

    static int CountWords(string text)
    {
        var (words, inside) = (0, false);
        for (var at = 0; at < text.Length; at++)
        {
            var part = char.IsLetterOrDigit(text[at]) || char.IsSurrogate(text[at]) || Letters.IsSilent(text[at])
                || (inside && text[at] is '\'' or '’' or '-' or '.' or ',' && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]));
            if (part && !inside)
                words++;
            inside = part;
        }

        return words;
    }
}

/// <summary>Upper, lower and title case; reversing; sorting and thinning lines.</summary>
internal sealed class TextTransformSkill : IInstantSkill
{
    public string Id => "text-transform";

    public Answer? Try(SkillCall call)
    {
        if (call.GivenText() is not { } text)
            return null;
        var result = call.Tag switch
        {
            "upper" => text.ToUpperInvariant(),
            "lower" => text.ToLowerInvariant(),
            "title" => Title(text),
            "reverse" => Reverse(text),
            "words" => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Reverse()),
            "sort" => Lines(text, lines => lines.Order(StringComparer.OrdinalIgnoreCase)),
            _ => Lines(text, lines => lines.Distinct(StringComparer.Ordinal)),
        };
        return result is null ? null : new Answer(Fenced.Of(result), result.Length <= 200 ? result : call.Say("spoken"));
    }

    static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var first = at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '\'' or '’');
            result.Append(first ? char.ToUpperInvariant(text[at]) : char.ToLowerInvariant(text[at]));
        }

        return result.ToString();
    }

    /// <summary>By what people see as characters, so that accents and emoji survive.</summary>
    static string Reverse(string text)
    {
        var elements = new List<string>(text.Length);
        for (var walk = StringInfo.GetTextElementEnumerator(text); walk.MoveNext();)
            elements.Add(walk.GetTextElement());
        elements.Reverse();
        return string.Concat(elements);
    }

    /// <summary>Of lines when there are several, otherwise of the parts between commas; one part is nothing to sort.</summary>
    static string? Lines(string text, Func<IEnumerable<string>, IEnumerable<string>> change)
    {
        var byLine = text.Contains('\n', StringComparison.Ordinal);
        var parts = text.Split(byLine ? ['\n'] : [',', '،', ';', '؛'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 1)
            parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 and <= 50 } words ? words : parts;
        return parts.Length < 2 ? null : string.Join(byLine ? "\n" : ", ", change(parts));
    }
}

/// <summary>Spells a word, letter by letter.</summary>
internal sealed class SpellingSkill : IInstantSkill
{
    const int MaxLetters = 60;

    public string Id => "spelling";

    public Answer? Try(SkillCall call)
    {
        var word = call.Raw("x").TrimEnd('?', '.', '!', '؟');
        if (call.Slot("x") is not { Count: <= 3 } part || word.Length is 0 or > MaxLetters || !word.Any(char.IsLetter))
            return null;
        // "Spell out your reasoning."
        if (part.Count > 1 && call.IsDescription(part))
            return Answer.NotAsked;
        var letters = new List<string>();
        for (var walk = StringInfo.GetTextElementEnumerator(word); walk.MoveNext();)
        {
            if (!string.IsNullOrWhiteSpace(walk.GetTextElement()))
                letters.Add(walk.GetTextElement().ToUpperInvariant());
        }

        return new Answer(call.Say("result", word, string.Join(" · ", letters)), string.Join(", ", letters));
    }
}
