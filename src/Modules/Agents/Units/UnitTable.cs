using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Units;

/// <param name="Factor">How many of the dimension's base unit it is.</param>
/// <param name="Offset">Added before multiplying; only temperatures have one.</param>
/// <param name="Signs">How it is written in each language.</param>
/// <param name="Names">How it is spoken in each language.</param>
internal sealed record Unit(string Code, string Dimension, Rational Factor, Rational Offset, IReadOnlyDictionary<Tongue, string> Signs, IReadOnlyDictionary<Tongue, string> Names);

/// <summary>The units of <c>units.table</c> and what people call them.</summary>
internal static class UnitTable
{
    static readonly Dictionary<string, Unit> Codes = new(StringComparer.Ordinal);
    static readonly Dictionary<Tongue, Lexicon<Unit>> Words = Tongues.All.ToDictionary(tongue => tongue, _ => new Lexicon<Unit>());

    static UnitTable()
    {
        foreach (var line in DataFile.Lines("Units/units.table"))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            var head = cells[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var words = Tongues.All.ToDictionary(tongue => tongue, tongue => cells[2 + (int)tongue].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            var unit = new Unit(head[0], head[1], Factor(head[2]), head.Length > 3 ? Factor(head[3]) : 0,
                words.ToDictionary(pair => pair.Key, pair => pair.Value[0]),
                words.ToDictionary(pair => pair.Key, pair => pair.Value[Math.Min(1, pair.Value.Length - 1)].TrimEnd('*')));
            Codes.Add(unit.Code, unit);
            var shared = cells[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            foreach (var tongue in Tongues.All)
            {
                foreach (var word in shared.Concat(words[tongue]))
                {
                    Words[tongue].Add(word, unit);
                    // "by the centimetre": Arabic attaches its preposition and article.
                    if (tongue == Tongue.Ar && word[0] >= '\u0600')
                        Words[tongue].Add("بال" + word, unit);
                }
            }
        }
    }

    public static IEnumerable<Unit> All => Codes.Values;

    public static Unit ByCode(string code) => Codes[code];

    public static bool TryRead(Utterance text, int at, int end, Tongue tongue, out Unit unit, out int next, Func<Unit, bool>? only = null)
        => Words[tongue].TryRead(text, at, end, out unit, out next, only);

    /// <summary>Both units must be of one dimension.</summary>
    public static Rational Convert(Rational value, Unit from, Unit to)
        => ((value + from.Offset) * from.Factor / to.Factor) - to.Offset;

    static Rational Factor(string text)
    {
        var parts = text.Split('/');
        var factor = Rational.Parse(parts[0].TrimStart('-'));
        return parts.Length == 2 ? factor / Rational.Parse(parts[1]) : factor;
    }
}
