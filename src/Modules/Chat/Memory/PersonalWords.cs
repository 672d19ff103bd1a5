using System.Text;

namespace JeanTrail.Chat.Memory;

/// <summary>What of a message the person typed about themselves; most messages hold nothing of it, and for those no model is asked.</summary>
internal static class PersonalWords
{
    const int Longest = 2_000;

    // Not "me" and its like, of which requests are full: "tell me about…".
    static readonly HashSet<string> First = new(
        ("i im i'm i’m ive i've i’ve my mine myself we our "
            + "я мой моя моё мое мои моего моей моих моему мы наш наша наше наши "
            + "tôi mình tớ em anh chị "
            + "أنا انا نحن لدي عندي لي أحب احب أفضل افضل أعمل اعمل أعيش اعيش أسكن اسكن اسمي").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when there is nothing to learn from. Code, quotations and long texts are not the person's words about themselves.</summary>
    public static string? In(string message)
    {
        if (message.Length > Longest)
            return null;
        var kept = new StringBuilder();
        var fenced = false;
        foreach (var line in message.Split('\n'))
        {
            var start = line.TrimStart();
            if (start.StartsWith("```", StringComparison.Ordinal) || start.StartsWith("~~~", StringComparison.Ordinal))
                fenced = !fenced;
            else if (!fenced && !start.StartsWith('>') && start.Length > 0)
                kept.Append(line.Trim()).Append('\n');
        }

        var text = kept.ToString().Trim();
        return text.Length >= 8 && SpeaksOfSelf(text) ? text : null;
    }

    static bool SpeaksOfSelf(string text)
        => text.Split([' ', '\n', '\t', ',', '.', '!', '?', ';', ':', '(', ')', '"', '«', '»', '،', '؛', '؟'], StringSplitOptions.RemoveEmptyEntries)
            // In Arabic "my" is an ending.
            .Any(word => First.Contains(word) || (word.Length > 3 && word[^1] == 'ي' && word[0] is >= '\u0621' and <= '\u064A'));
}
