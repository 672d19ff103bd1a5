using System.Text;
using JeanTrail.Kernel.Data;

namespace JeanTrail.Chat.Search;

/// <summary>A word that is looked for.</summary>
/// <param name="Prefix">It may be still being typed: what it begins is found too.</param>
/// <param name="Quoted">It stands between quotation marks, and is meant as it stands.</param>
/// <param name="Parts">The words written together in it.</param>
internal sealed record SearchTerm(Word Word, bool Prefix, bool Quoted, IReadOnlyList<string> Parts)
{
    /// <summary>Null for words that have none, and for those too common to tell anything.</summary>
    internal string? Stem { get; init; }

    internal bool TellsNothing => Stem is null && Word.Script != Script.Other && !Word.Exact.Any(char.IsAsciiDigit) && !Prefix && !Quoted;
}

/// <summary>What a person looks for, as the index understands it. Every word must be there, and what stands in quotation marks as it stands.</summary>
internal sealed class SearchQuery
{
    const int MostTerms = 12;

    SearchQuery(IReadOnlyList<SearchTerm> terms, IReadOnlyList<string[]> phrases)
    {
        Terms = terms;
        Phrases = phrases;
    }

    internal IReadOnlyList<SearchTerm> Terms { get; }

    /// <summary>Words that must follow each other, in <see cref="Words.Fold"/>ed form.</summary>
    internal IReadOnlyList<string[]> Phrases { get; }

    internal static async Task<SearchQuery> ReadAsync(string text, Stems stems, CancellationToken cancel)
    {
        var (terms, phrases) = Parse(text);
        var stemmed = await StemmedAsync(terms, stems, cancel);
        // "to be or not to be" is looked for as it is; beside a word that tells something, "the" only costs time.
        SearchTerm[] telling = [.. stemmed.Where(term => !term.TellsNothing)];
        return new SearchQuery(telling.Length > 0 ? telling : stemmed, phrases);
    }

    /// <summary>The words of a text that tell something; of many, the longest, which are the rarest more often than not.</summary>
    internal static async Task<IReadOnlyList<SearchTerm>> TermsAsync(string text, int most, Stems stems, CancellationToken cancel)
    {
        var words = Words.In(text).DistinctBy(word => word.Exact).Select(word => new SearchTerm(word, Prefix: false, Quoted: false, [.. Words.Parts(text, word)]));
        var stemmed = await StemmedAsync([.. words], stems, cancel);
        return [.. stemmed.Where(term => !term.TellsNothing).OrderByDescending(term => term.Word.Exact.Length).Take(most)];
    }

    static async Task<SearchTerm[]> StemmedAsync(IReadOnlyList<SearchTerm> terms, Stems stems, CancellationToken cancel)
    {
        var known = await stems.OfAsync(terms.Where(term => !term.Quoted).Select(term => term.Word), cancel);
        return [.. terms.Select(term => term with { Stem = term.Quoted ? null : known.GetValueOrDefault(term.Word.Exact) })];
    }

    internal static (IReadOnlyList<SearchTerm> Terms, IReadOnlyList<string[]> Phrases) Parse(string text)
    {
        var terms = new List<SearchTerm>();
        var phrases = new List<string[]>();
        var pieces = text.Split('"', '“', '”', '«', '»');
        for (var i = 0; i < pieces.Length; i++)
        {
            // Odd ones stand between two marks; the last of them may not be closed yet.
            var quoted = i % 2 == 1 && i < pieces.Length - 1;
            var words = Words.In(pieces[i]).ToList();
            if (quoted && words.Count > 1)
                phrases.Add([.. words.Select(word => Words.Fold(word))]);
            foreach (var word in words)
            {
                var open = i == pieces.Length - 1 && word.Start + word.Length == pieces[i].Length && word.Exact.Length > 1;
                terms.Add(new SearchTerm(word, open, quoted, quoted ? [] : [.. Words.Parts(pieces[i], word)]));
            }
        }

        return ([.. terms.DistinctBy(term => (term.Word.Exact, term.Prefix)).Take(MostTerms)], phrases);
    }

    /// <summary>The question to one segment of the index, in PostgreSQL's words.</summary>
    /// <param name="marks">Further things that must hold, each one of several.</param>
    internal string ForSegment(int segment, IEnumerable<IReadOnlyCollection<string>> marks)
    {
        var prefix = IndexMarks.Prefix(segment);
        return string.Join(" & ", [.. Terms.Select(term => WaysOf(prefix, term)), .. marks.Select(choice => OneOf(choice.Select(mark => Lexeme(prefix, mark))))]);
    }

    /// <summary>The question for one word beside a mark.</summary>
    internal static string ForSegment(int segment, SearchTerm term, string mark)
    {
        var prefix = IndexMarks.Prefix(segment);
        return $"{WaysOf(prefix, term)} & {Lexeme(prefix, mark)}";
    }

    static string WaysOf(string prefix, SearchTerm term)
    {
        List<string> ways = [Lexeme(prefix, term.Word.Exact) + (term.Prefix ? ":*" : "")];
        if (term.Stem is { } stem)
            ways.AddRange([Lexeme(prefix, "~" + stem), Lexeme(prefix, stem)]);
        if (term.Parts.Count > 1)
            ways.Add($"({string.Join(" & ", term.Parts.Select(part => Lexeme(prefix, part)))})");
        return OneOf(ways);
    }

    /// <summary>A lexeme as a tsquery literal has it.</summary>
    internal static string Lexeme(string prefix, string word)
    {
        var quoted = new StringBuilder("'").Append(prefix);
        foreach (var letter in word)
            quoted.Append(letter is '\'' or '\\' ? $"{letter}{letter}" : letter);
        return quoted.Append('\'').ToString();
    }

    static string OneOf(IEnumerable<string> ways) => $"({string.Join(" | ", ways)})";
}

/// <summary>Takes the endings off words, with PostgreSQL's stemmers.</summary>
internal sealed class Stems(Db db)
{
    const string Sql = """
        select word, (ts_lexize('english_stem', word))[1] as stem from unnest(@English::text[]) word
        union all select word, (ts_lexize('russian_stem', word))[1] from unnest(@Russian::text[]) word
        union all select word, (ts_lexize('arabic_stem', word))[1] from unnest(@Arabic::text[]) word
        """;

    /// <summary>By word; those that tell nothing and those of other languages have none.</summary>
    internal async Task<Dictionary<string, string?>> OfAsync(IEnumerable<Word> words, CancellationToken cancel)
    {
        HashSet<string> english = [], russian = [], arabic = [];
        foreach (var word in words)
            IndexedWords.StemsOf(word.Script, english, russian, arabic)?.Add(word.Exact);
        if (english.Count + russian.Count + arabic.Count == 0)
            return [];
        var rows = await db.QueryAsync<Row>(Sql, new { English = english.ToArray(), Russian = russian.ToArray(), Arabic = arabic.ToArray() }, cancel);
        return rows.ToDictionary(row => row.Word, row => row.Stem, StringComparer.Ordinal);
    }

    sealed record Row(string Word, string? Stem);
}
