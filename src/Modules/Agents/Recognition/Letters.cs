using System.Collections.Frozen;

namespace JeanTrail.Agents.Recognition;

/// <summary>
/// What a letter is once case, spelling variants and marks are set aside. Works without the platform's normalisation data, so the
/// result is the same on every machine; composed (NFC) and decomposed (NFD) text come out equal.
/// </summary>
internal static class Letters
{
    const string Tones = "\u0300\u0301\u0309\u0303\u0323";

    // One row per Vietnamese vowel: the vowel, then with each tone in the order of Tones.
    static readonly string[] Vowels =
        ["aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị", "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ", "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ"];

    const string Others = "äaöoüuçcñnåaøoîiïiûuëeśsšsžzčcłlğgıişsżzńnćcōoūuāaīiēețtţtșsřr";

    static readonly FrozenDictionary<char, (char Shape, char Tone)> Composed = Vowels
        .SelectMany(row => row.Select((letter, index) => (letter, (row[0], index == 0 ? '\0' : Tones[index - 1]))))
        .ToFrozenDictionary(pair => pair.letter, pair => pair.Item2);

    static readonly FrozenDictionary<char, char> Foreign = Enumerable.Range(0, Others.Length / 2)
        .ToFrozenDictionary(index => Others[2 * index], index => Others[(2 * index) + 1]);

    /// <summary>Splits a lower-case letter into the letter with its shape (ă, đ, ơ) and its tone, or '\0'.</summary>
    public static (char Shape, char Tone) Split(char letter)
    {
        if (letter < 0x80)
            return (letter, '\0');
        if (Composed.TryGetValue(letter, out var parts))
            return parts;
        return (Foreign.TryGetValue(letter, out var plain) ? plain : FoldOther(letter), '\0');
    }

    /// <summary>The letter without its shape: ă and â are a, đ is d.</summary>
    public static char Base(char shape) => shape switch
    {
        'ă' or 'â' => 'a',
        'ê' => 'e',
        'ô' or 'ơ' => 'o',
        'ư' => 'u',
        'đ' => 'd',
        _ => shape,
    };

    /// <summary>A combining mark joined to the letter before it; '\0' when the two make no letter of ours.</summary>
    public static char Join(char letter, char mark) => (letter, mark) switch
    {
        ('a', '\u0302') => 'â',
        ('a', '\u0306') => 'ă',
        ('e', '\u0302') => 'ê',
        ('o', '\u0302') => 'ô',
        ('o', '\u031B') => 'ơ',
        ('u', '\u031B') => 'ư',
        ('и', '\u0306') => 'й',
        _ => '\0',
    };

    public static bool IsTone(char mark) => Tones.Contains(mark, StringComparison.Ordinal);

    public static bool IsVietnameseShape(char shape) => shape is 'ă' or 'â' or 'ê' or 'ô' or 'ơ' or 'ư' or 'đ';

    /// <summary>Marks and characters that carry no meaning for us: Arabic vowel signs, tatweel, other combining marks, bidi controls.</summary>
    public static bool IsSilent(char c)
        => c is (>= '\u064B' and <= '\u065F') or '\u0670' or '\u0640' or (>= '\u06D6' and <= '\u06ED')
            or (>= '\u0300' and <= '\u036F') or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E')
            or (>= '\u2066' and <= '\u2069') or '\uFEFF' or '\u00AD';

    /// <summary>The value of an ASCII, Arabic-Indic or Persian digit, or -1.</summary>
    public static int Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= '\u0660' and <= '\u0669' => c - '\u0660',
        >= '\u06F0' and <= '\u06F9' => c - '\u06F0',
        _ => -1,
    };

    static char FoldOther(char letter) => letter switch
    {
        'ё' => 'е',
        'أ' or 'إ' or 'آ' or 'ٱ' => 'ا',
        'ى' or 'ی' or 'ئ' => 'ي',
        'ة' => 'ه',
        'ؤ' => 'و',
        'ک' or 'گ' => 'ك',
        _ => letter,
    };
}
