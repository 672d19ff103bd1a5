using System.Text;

namespace JeanTrail.VoiceWorker;

/// <summary>
/// Gives Arabic words written without short vowels enough of them to be sayable. Frequent words come from a table; the rest are left
/// to espeak-ng's own dictionary and rules, and only when those yield a cluster that nobody can say, neutral vowels are set by
/// syllable structure (every consonant opens or closes a syllable of the form CV or CVC).
/// </summary>
static class ArabicVowels
{
    const char Fatha = '\u064E';
    const string Marks = "\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652\u0670";

    /// <summary>Words that structure alone gets wrong.</summary>
    static readonly Dictionary<string, string> Table = new(StringComparer.Ordinal)
    {
        ["مرحبا"] = "مَرْحَبًا", ["مرحبًا"] = "مَرْحَبًا", ["شكرا"] = "شُكْرًا", ["شكرًا"] = "شُكْرًا", ["أهلا"] = "أَهْلًا", ["عفوا"] = "عَفْوًا", ["نعم"] = "نَعَم",
        ["لكن"] = "لَٰكِنْ", ["هذا"] = "هَٰذَا", ["هذه"] = "هَٰذِه", ["ذلك"] = "ذَٰلِك", ["تلك"] = "تِلْك", ["من"] = "مِن", ["عن"] = "عَن", ["هل"] = "هَل", ["كم"] = "كَم",
        ["قد"] = "قَد", ["كل"] = "كُلّ", ["بعض"] = "بَعْض", ["بعد"] = "بَعْد", ["قبل"] = "قَبْل", ["عند"] = "عِنْد", ["مع"] = "مَع", ["ثم"] = "ثُمَّ", ["أن"] = "أَن", ["إن"] = "إِنَّ",
        ["أنا"] = "أَنَا", ["أنت"] = "أَنْت", ["هو"] = "هُوَ", ["هي"] = "هِيَ", ["نحن"] = "نَحْنُ", ["هم"] = "هُم", ["لم"] = "لَم", ["لن"] = "لَن", ["بك"] = "بِك", ["لك"] = "لَك",
        ["له"] = "لَهُ", ["لها"] = "لَهَا", ["به"] = "بِه", ["منك"] = "مِنْك", ["منه"] = "مِنْه", ["عليك"] = "عَلَيْك", ["إليك"] = "إِلَيْك", ["اسم"] = "اِسْم", ["اسمك"] = "اِسْمُك",
        ["اسمي"] = "اِسْمِي", ["يمكن"] = "يُمْكِن", ["يمكنك"] = "يُمْكِنُك", ["يمكنني"] = "يُمْكِنُنِي", ["أريد"] = "أُرِيد", ["تريد"] = "تُرِيد", ["أحب"] = "أُحِبّ", ["صباح"] = "صَبَاح",
        ["مساء"] = "مَسَاء", ["خير"] = "خَيْر", ["يوم"] = "يَوْم", ["غدا"] = "غَدًا", ["جدا"] = "جِدًّا", ["فقط"] = "فَقَط", ["مثل"] = "مِثْل", ["غير"] = "غَيْر", ["كيف"] = "كَيْف",
        ["أين"] = "أَيْن", ["متى"] = "مَتَى", ["نص"] = "نَصّ", ["رقم"] = "رَقْم", ["وقت"] = "وَقْت", ["شيء"] = "شَيْء", ["درجة"] = "دَرَجَة", ["سنة"] = "سَنَة", ["ساعة"] = "سَاعَة",
    };

    /// <summary>Returns the word with vowels added where it needs them, or as it is.</summary>
    /// <param name="word">Arabic letters and marks only.</param>
    /// <param name="phonemes">Gives the IPA that a word would be said with.</param>
    internal static string Complete(string word, Func<string, string> phonemes)
    {
        if (Table.TryGetValue(word, out var known))
            return known;
        if (word.IndexOfAny(['\u064E', '\u064F', '\u0650', '\u0652']) >= 0 || IsSayable(phonemes(word)))
            return word;
        var (prefix, stem) = SplitPrefix(word);
        if (prefix.Length > 0 && Table.TryGetValue(stem, out known))
            return prefix + known;
        return prefix + SetVowels(stem);
    }

    /// <summary>No two consonants at the start, no three in a row, and a vowel somewhere.</summary>
    internal static bool IsSayable(string ipa)
    {
        int run = 0, longest = 0, vowels = 0, atStart = 0, consonants = 0;
        foreach (var c in ipa)
        {
            if ("aeiouəɪʊɛɔɑæʌɐɨ".Contains(c))
            {
                atStart = vowels == 0 ? run : atStart;
                vowels++;
                run = 0;
            }
            else if (char.IsLetter(c) && !"ˈˌːˤʲʷʰ".Contains(c))
            {
                run++;
                consonants++;
                longest = Math.Max(longest, run);
            }
        }
        return consonants < 2 || (vowels > 0 && atStart < 2 && longest < 3);
    }

    static (string Prefix, string Stem) SplitPrefix(string word)
    {
        if (word.Length > 4 && word.StartsWith("وال", StringComparison.Ordinal))
            return ("وَال", word[3..]);
        if (word.Length > 4 && word.StartsWith("بال", StringComparison.Ordinal))
            return ("بِال", word[3..]);
        if (word.Length > 4 && word.StartsWith("لل", StringComparison.Ordinal))
            return ("لِلْ", word[2..]);
        if (word.Length > 3 && word.StartsWith("ال", StringComparison.Ordinal))
            return ("ال", word[2..]);
        return ("", word);
    }

    /// <summary>Syllables from the structure of the word alone.</summary>
    internal static string SetVowels(string word)
    {
        var letters = new List<(string Text, bool Vowel)>();
        foreach (var c in word)
        {
            if (Marks.Contains(c) && letters.Count > 0)
                letters[^1] = (letters[^1].Text + c, letters[^1].Vowel || c is '\u064B' or '\u064C' or '\u064D');
            else
                letters.Add((c.ToString(), IsVowel(word, letters, c)));
        }

        var output = new StringBuilder();
        for (var i = 0; i < letters.Count;)
        {
            if (letters[i].Vowel)
            {
                output.Append(letters[i++].Text);
                continue;
            }
            var end = i;
            while (end < letters.Count && !letters[end].Vowel)
                end++;
            AppendRun(output, letters.GetRange(i, end - i), afterVowel: i > 0, beforeVowel: end < letters.Count);
            i = end;
        }
        return output.ToString();
    }

    static bool IsVowel(string word, List<(string Text, bool Vowel)> before, char c)
    {
        if (c is 'ا' or 'ى' or 'آ' or 'ة')
            return true;
        if (c is not ('و' or 'ي') || before.Count == 0 || before[^1].Vowel)
            return false;
        var next = before.Sum(letter => letter.Text.Length) + 1;
        return next >= word.Length || !"اىآةوي".Contains(word[next]);
    }

    /// <summary>Consonants between two vowels or the ends of the word: pairs become CaC, one left over becomes Ca.</summary>
    static void AppendRun(StringBuilder output, List<(string Text, bool Vowel)> run, bool afterVowel, bool beforeVowel)
    {
        var free = beforeVowel ? run.Count - 1 : run.Count;
        var i = 0;
        if (afterVowel && (beforeVowel ? free > 0 : free % 2 == 1))
            output.Append(run[i++].Text);
        else if (!beforeVowel && free % 2 == 1 && free > 1)
            output.Append(run[i++].Text).Append(Fatha);
        for (; i + 1 < free; i += 2)
            output.Append(run[i].Text).Append(Fatha).Append(run[i + 1].Text);
        if (i < free)
            output.Append(run[i].Text).Append(beforeVowel ? Fatha.ToString() : "");
        if (beforeVowel)
            output.Append(run[^1].Text);
    }
}
