using System.Text;

namespace JeanTrail.Bench;

/// <summary>
/// Text as people and models write it, as far as an index is concerned: the words of a language by Zipf's law, the commonest ones real, the
/// long tail made of the language's syllables.
/// </summary>
internal sealed class Prose
{
    const int Vocabulary = 40_000;

    static readonly (string Code, string Common, string Syllables)[] Languages =
    [
        ("en", "the of and to a in is you that it he was for on are with as his they be at one have this from or had by hot but some what there we can out other were all your when up use word how said an each she which do their time if will way about many then them would write like so these her long make thing see him two has look more day could go come did my sound no most number who over know water than call first people may down side been now find",
            "ba con der el fin gra hou in jo ker lan mer nor op pre qui ran ster tion ul ver wood ex yon ment ship"),
        ("ru", "и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой ещё от так для же всё год когда сказать человек один такой мочь время говорить если только день новый работа город письмо вопрос ответ большой дело жизнь рука раз слово место лицо друг глаз дом страна мир сторона",
            "ба вер го дом ен жар зем ин кол лес мор нос об пре рас сто тел ун фор ход цен час шум эк ник ость ение ами"),
        ("vi", "và của là có trong được cho không một người với các này đã để khi đến những từ cũng như về ra thì năm tôi nhà làm nước đi lại nhiều phải bạn việc sau còn trên hay thế nào gì đang rất vào nếu theo thời tiết đường phố sách học công ty khách hàng sản phẩm câu hỏi trả lời",
            "an bình châu đồng hương khánh linh minh ngọc phương quang sơn thanh tuấn uyên việt xuân yến lộc hải"),
        ("ar", "في من على أن إلى هذا التي الذي عن مع كان هو لا ما هي كل بعد بين قد أو إذا حتى يوم عام عند غير منذ حيث كما لم ثم جديد عمل مدينة سؤال جواب كبير وقت كتاب بيت بلد عالم حياة كلمة مكان صديق شركة منتج",
            "با تر جم حس خل در رس زم سل شر صن ضر طب عل فك قل كت مل نش وص يد ان ات ون"),
    ];

    readonly string[][] words = [.. Languages.Select(Words)];
    readonly double[] cumulative = Cumulative();

    internal static int LanguageCount => Languages.Length;

    /// <summary>The word of a rank, 0 the commonest.</summary>
    internal string Word(int language, int rank) => words[language][rank];

    internal string Text(Random random, int language, int length, bool code)
    {
        var text = new StringBuilder(length * 7);
        for (var i = 0; i < length; i++)
        {
            text.Append(i == 0 ? "" : i % 13 == 0 ? ". " : " ").Append(words[language][Rank(random)]);
        }

        if (code)
            text.Append("\n```python\nfor item in ").Append(words[0][Rank(random)]).Append("_list:\n    print(item.").Append(words[0][Rank(random)]).Append("Value)\n```\n");
        return text.ToString();
    }

    int Rank(Random random)
    {
        var at = Array.BinarySearch(cumulative, random.NextDouble());
        return Math.Min(at < 0 ? ~at : at, Vocabulary - 1);
    }

    static string[] Words((string Code, string Common, string Syllables) language)
    {
        var words = language.Common.Split(' ').Distinct().ToList();
        var known = words.ToHashSet();
        var syllables = language.Syllables.Split(' ');
        var random = new Random(7);
        while (words.Count < Vocabulary)
        {
            // Vietnamese writes its syllables apart; its rare words are names and borrowings.
            var word = string.Concat(Enumerable.Range(0, 2 + random.Next(3)).Select(_ => syllables[random.Next(syllables.Length)]));
            if (known.Add(word))
                words.Add(word);
        }

        return [.. words];
    }

    static double[] Cumulative()
    {
        var sums = new double[Vocabulary];
        var sum = 0.0;
        for (var i = 0; i < Vocabulary; i++)
            sums[i] = sum += 1.0 / (i + 2.7);
        return [.. sums.Select(each => each / sum)];
    }
}
