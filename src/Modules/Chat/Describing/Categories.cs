using JeanTrail.Chat.Search;

namespace JeanTrail.Chat.Describing;

/// <summary>The kinds of talk. Without a model they are told by the words each kind has of its own in the four languages; in doubt, none is.</summary>
internal static class Categories
{
    // Beginnings of words, without accents.
    static readonly (string Category, string[] Beginnings)[] Telling =
    [
        ("code", Split("function compil debug python javascript typescript exception database server docker funkc код програм функци ошибк сервер lap trinh ham برمج كود خادم")),
        ("writing", Split("essay letter draft rewrite proofread paragraph poem письм черновик текст абзац стих viet thu doan van رساله مقال فقره")),
        ("learning", Split("explain lesson homework exam learn grammar theorem объясн урок экзамен учи граммат giai thich bai tap hoc اشرح درس امتحان تعلم")),
        ("work", Split("meeting client invoice project deadline report manager встреч клиент счет проект отчет срок hop khach hang hoa don du an اجتماع عميل فاتوره مشروع تقرير")),
        ("planning", Split("plan schedule calendar remind todo agenda план распис календар напомн ke hoach lich nhac خطه جدول تذكير")),
        ("health", Split("doctor symptom sleep diet exercise pain врач симптом сон диет боль bac si trieu chung thuoc طبيب اعراض نوم الم")),
        ("money", Split("budget price loan tax invest salary bank бюджет цен кредит налог банк ngan sach gia vay thue ميزانيه سعر قرض ضريبه بنك")),
        ("travel", Split("flight hotel trip visa itinerary tour museum рейс отел поездк виз музе chuyen bay khach san du lich رحله فندق تاشيره متحف")),
        ("creative", Split("story character plot song lyrics design рассказ персонаж сюжет песн truyen nhan vat bai hat قصه شخصيه اغنيه")),
    ];

    internal static readonly string[] All = [.. Telling.Select(each => each.Category), "chat"];

    /// <summary>Null when nothing tells.</summary>
    internal static string? Of(IReadOnlyList<string> texts)
    {
        var words = texts.SelectMany(Words.In).Select(word => Words.Fold(word)).Distinct(StringComparer.Ordinal).ToArray();
        var code = texts.Count(text => text.Contains("```", StringComparison.Ordinal));
        var (category, hits) = Telling
            .Select(each => (each.Category, Hits: words.Count(word => each.Beginnings.Any(begin => word.StartsWith(begin, StringComparison.Ordinal))) + (each.Category == "code" ? 2 * code : 0)))
            .MaxBy(each => each.Hits);
        return hits >= 2 ? category : null;
    }

    static string[] Split(string words) => words.Split(' ');
}
