using System.Collections.Frozen;

namespace JeanTrail.Voice.Faces;

/// <summary>Small lexicons of words that mean a feeling almost wherever they stand. A star stands for any ending.</summary>
internal static class Emotions
{
    static readonly (string Emoji, string Name)[] Shown =
    [
        ("😀😃😄😁😆😊🙂😍🥰🎉🥳❤💖👍", "happy"), ("😢😭😞😔🙁☹💔😿", "sad"), ("😠😡🤬👿", "angry"), ("😮😲😯😱🤯", "surprised"), ("😌🧘☕🌿", "relaxed"),
    ];

    static readonly FrozenDictionary<string, Lexicon> Languages = new Dictionary<string, Lexicon>(StringComparer.Ordinal)
    {
        ["en"] = new(
            negations: "not no never neither without isn't aren't wasn't don't doesn't didn't can't won't cannot hardly",
            happy: "great wonderful happy glad congratulations excellent fantastic awesome delighted love lovely hooray yay perfect thrilled welcome",
            sad: "sorry sad unfortunately sadly regret condolences unhappy grief heartbroken miss_you",
            angry: "angry furious outrageous unacceptable annoyed hate rage",
            surprised: "wow whoa amazing incredible unbelievable surprising surprised astonishing really?",
            relaxed: "relax calm peaceful don't_worry no_worries no_problem take_your_time gently good_night"),
        ["ar"] = new(
            negations: "لا لم لن ليس ليست غير بدون ما",
            happy: "رائع رائعة سعيد سعيدة ممتاز ممتازة مبروك تهانينا أحب يسعدني أهلا مرحبا جميل جميلة",
            sad: "آسف آسفة للأسف حزين حزينة يؤسفني أعتذر",
            angry: "غاضب غاضبة أكره مزعج",
            surprised: "واو مذهل مذهلة مدهش عجيب يا_إلهي",
            relaxed: "اهدأ استرخ بهدوء لا_تقلق لا_مشكلة لا_بأس"),
        ["vi"] = new(
            negations: "không chẳng chưa đừng chả",
            happy: "tuyệt_vời vui hạnh_phúc chúc_mừng xuất_sắc yêu mừng hoan_hô",
            sad: "xin_lỗi buồn đáng_tiếc rất_tiếc thương_tiếc tiếc_là",
            angry: "tức_giận giận_dữ bực_mình ghét phẫn_nộ",
            surprised: "ngạc_nhiên kinh_ngạc bất_ngờ ôi_trời không_thể_tin",
            relaxed: "thư_giãn bình_tĩnh đừng_lo không_sao thong_thả"),
        ["ru"] = new(
            negations: "не нет никогда без ни",
            happy: "отлично прекрасно замечательн* рад рада счастлив* поздравляю здорово ура люблю чудесно превосходно",
            sad: "жаль извини извините простите грустн* печальн* сожале* увы",
            angry: "злюсь зол зла возмутительн* ненавижу бесит",
            surprised: "ого вау невероятн* удивительн* потрясающ* поразительн*",
            relaxed: "спокойно расслаб* не_волнуйся не_волнуйтесь ничего_страшного не_беспокойтесь"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    internal static string? OfEmoji(ReadOnlySpan<char> sentence)
    {
        foreach (var rune in sentence.EnumerateRunes())
            if (rune.Value > 0x2000)
                foreach (var (emoji, name) in Shown)
                    if (emoji.EnumerateRunes().Contains(rune))
                        return name;
        return null;
    }

    internal static string? OfWords(ReadOnlySpan<char> sentence, string language)
        => Languages.TryGetValue(language, out var lexicon) ? lexicon.Find(sentence.ToString()) : null;

    sealed class Lexicon
    {
        readonly string[] negations;
        readonly List<(string[] Words, string Name)> phrases = [];

        internal Lexicon(string negations, string happy, string sad, string angry, string surprised, string relaxed)
        {
            this.negations = negations.Split(' ');
            // What calms and what regrets is looked for first: "don't worry, it is great" is said calmly.
            foreach (var (list, name) in new[] { (relaxed, "relaxed"), (sad, "sad"), (angry, "angry"), (surprised, "surprised"), (happy, "happy") })
                foreach (var entry in list.Split(' '))
                    phrases.Add((entry.Split('_'), name));
        }

        internal string? Find(string sentence)
        {
            var words = Words(sentence);
            foreach (var (phrase, name) in phrases)
                for (var at = 0; at + phrase.Length <= words.Count; at++)
                    if (Matches(words, at, phrase) && !IsNegated(words, at))
                        return name;
            return null;
        }

        bool IsNegated(List<string> words, int at)
        {
            for (var before = Math.Max(0, at - 2); before < at; before++)
                if (negations.Contains(words[before], StringComparer.Ordinal))
                    return true;
            return false;
        }

        static bool Matches(List<string> words, int at, string[] phrase)
        {
            for (var i = 0; i < phrase.Length; i++)
            {
                var pattern = phrase[i];
                var fits = pattern[^1] == '*'
                    ? words[at + i].StartsWith(pattern[..^1], StringComparison.Ordinal)
                    : words[at + i] == pattern;
                if (!fits)
                    return false;
            }
            return true;
        }

        /// <summary>Lower-case words; a question mark stays on its word, because "really?" is not "really".</summary>
        static List<string> Words(string sentence)
        {
            var words = new List<string>();
            foreach (var part in sentence.ToLowerInvariant().Replace('’', '\'').Split([' ', '\n', '\t', ',', '،', ';', ':', '.', '!', '"', '(', ')', '…'], StringSplitOptions.RemoveEmptyEntries))
            {
                var word = new string([.. part.Where(c => c is not (>= '\u064B' and <= '\u0652'))]);
                words.Add(word.EndsWith('?') && word != "really?" ? word.TrimEnd('?') : word.TrimEnd('؟'));
            }
            return words;
        }
    }
}
