using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace JeanTrail.Voice.Faces;

/// <summary>The mouth shape of each sound: IPA to the 15 visemes of the Oculus set. Length, stress, tone and secondary articulation do not show.</summary>
internal static class IpaVisemes
{
    internal const string Silence = "sil";

    internal static readonly FrozenSet<string> All =
        new[] { "sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U" }.ToFrozenSet(StringComparer.Ordinal);

    static readonly FrozenDictionary<string, string> Affricates = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["tʃ"] = "CH", ["dʒ"] = "CH", ["tɕ"] = "CH", ["dʑ"] = "CH", ["tʂ"] = "CH", ["dʐ"] = "CH", ["ts"] = "SS", ["dz"] = "SS", ["tɬ"] = "SS", ["pf"] = "FF",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    static readonly FrozenDictionary<char, string> Sounds = Table(
        ("PP", "pbmβɸɓʙ"), ("FF", "fvʋɱⱱ"), ("TH", "θð"), ("DD", "tdʈɖɗᶑ"), ("kk", "kgɡqxχɣħʕʔhɦcɟʁŋɠʛɢɰɴʝçʜʢʡʀɧ"),
        ("CH", "ʃʒɕʑʂʐʄ"), ("SS", "szɬɮ"), ("nn", "nlɲɭɫɳʎʟɺ"), ("RR", "rɹɾɻɽɚɝ"), ("aa", "aɑɐɒʌæɶ"), ("E", "eɛəɜɘɞɤ"), ("I", "iɪɨjᵻɯɿ"),
        ("O", "oɔɵœ"), ("U", "uʊyʏwøʉɥʍᵿ"));

    static FrozenDictionary<char, string> Table(params (string Viseme, string Sounds)[] rows)
        => rows.SelectMany(row => row.Sounds.Select(sound => (sound, row.Viseme))).ToFrozenDictionary(pair => pair.sound, pair => pair.Viseme);

    /// <summary>The visemes of one phoneme, in order: none for a mere modifier, two for a diphthong.</summary>
    /// <param name="ipa">Empty for a pause.</param>
    /// <param name="unknown">Takes the symbols that are not in the table; they are passed over.</param>
    internal static List<string> Of(string ipa, Action<char>? unknown = null)
    {
        if (string.IsNullOrEmpty(ipa))
            return [Silence];
        var found = new List<string>(2);
        var symbols = ipa.Normalize(NormalizationForm.FormD);
        for (var i = 0; i < symbols.Length; i++)
        {
            if (i + 1 < symbols.Length && Affricates.TryGetValue(symbols.Substring(i, 2), out var affricate))
            {
                found.Add(affricate);
                i++;
            }
            else if (Sounds.TryGetValue(symbols[i], out var viseme))
                found.Add(viseme);
            else if (!IsModifier(symbols[i]))
                unknown?.Invoke(symbols[i]);
        }
        return found;
    }

    static bool IsModifier(char c)
        => char.IsDigit(c) || c is '-' or '.' or '\'' or '"' or '|' or '_' or '^' or '͡' or '↗' or '↘'
            || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
