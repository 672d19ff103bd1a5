using System.Globalization;

namespace JeanTrail.Chat.Search;

/// <summary>What the index holds of one message, before PostgreSQL takes the endings off.</summary>
/// <param name="Plain">Words as they stand, with and without accents, their parts, and what filters ask for; separated by spaces.</param>
/// <param name="English">The words whose English stem is indexed too; likewise the others.</param>
internal sealed record IndexedWords(string Plain, string English, string Russian, string Arabic)
{
    /// <summary>Of one message, different ones. Nobody wrote more by hand; a pasted dictionary must not fill the index.</summary>
    const int MostWords = 8_000;

    internal static IndexedWords Of(IEnumerable<string> texts, IEnumerable<string> marks)
    {
        HashSet<string> plain = [.. marks], english = [], russian = [], arabic = [];
        foreach (var text in texts)
        {
            foreach (var word in Words.In(text))
            {
                if (plain.Count >= MostWords)
                    break;
                if (!plain.Add(word.Exact))
                    continue;
                plain.Add(Words.Fold(word));
                plain.UnionWith(Words.Parts(text, word));
                StemsOf(word.Script, english, russian, arabic)?.Add(word.Exact);
            }
        }

        return new(Join(plain), Join(english), Join(russian), Join(arabic));
    }

    internal static T? StemsOf<T>(Script script, T english, T russian, T arabic)
        where T : class => script switch
        {
            Script.Ascii => english,
            Script.Cyrillic => russian,
            Script.Arabic => arabic,
            _ => null,
        };

    static string Join(HashSet<string> words) => string.Join(' ', words);
}

/// <summary>What is in the index besides words. No word holds a colon, so they cannot be mistaken for one.</summary>
internal static class IndexMarks
{
    internal const string Code = ":code";
    internal const string Image = ":image";
    internal const string File = ":file";

    internal static string Role(string role) => $":{role}";

    internal static string Model(string modelId) => $":model={modelId.Replace(' ', '_')}";

    internal static string Conversation(Guid id) => $":in={id:N}";

    /// <summary>The segment's own words: what everything in the index begins with.</summary>
    internal static string Prefix(int segment) => string.Create(CultureInfo.InvariantCulture, $"{segment:x}/");
}
