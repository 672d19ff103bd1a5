using Microsoft.Net.Http.Headers;

namespace JeanTrail.Chat.Sharing;

/// <summary>The few words around the messages of a public page.</summary>
internal sealed record ShareWords(
    string Language, string Shared, string Untitled, string Person, string Jean, string Thoughts, string Comments, string Earlier, string Later, string Open,
    string MayRead, string MayComment, string MayCopy, string Gone, string GoneText, string Slow, string SlowText)
{
    static readonly ShareWords English = new(
        "en", "A conversation with Jean, shared by link", "Untitled conversation", "Question", "Jean", "Thoughts", "Comments", "Earlier messages", "Later messages", "Open in JeanTrail",
        "With an account on this server you can also read it there.", "With an account on this server you can comment there.",
        "With an account on this server you can comment there, or continue in a copy of your own.",
        "There is nothing here", "This link was ended, has expired, or never was.", "Too many attempts", "Try again in a minute.");

    static readonly ShareWords[] All =
    [
        English,
        new("ar", "محادثة مع جين تمت مشاركتها برابط", "محادثة بلا عنوان", "سؤال", "جين", "أفكار", "تعليقات", "رسائل أقدم", "رسائل أحدث", "افتح في JeanTrail",
            "بحساب على هذا الخادم يمكنك قراءتها هناك أيضًا.", "بحساب على هذا الخادم يمكنك التعليق هناك.", "بحساب على هذا الخادم يمكنك التعليق هناك أو المتابعة في نسخة خاصة بك.",
            "لا شيء هنا", "أُنهي هذا الرابط، أو انتهت صلاحيته، أو لم يوجد قط.", "محاولات كثيرة جدًا", "حاول مرة أخرى بعد دقيقة."),
        new("vi", "Cuộc trò chuyện với Jean được chia sẻ bằng liên kết", "Cuộc trò chuyện chưa đặt tên", "Câu hỏi", "Jean", "Suy nghĩ", "Bình luận", "Tin nhắn trước đó", "Tin nhắn sau đó",
            "Mở trong JeanTrail", "Nếu có tài khoản trên máy chủ này, bạn cũng có thể đọc ở đó.", "Nếu có tài khoản trên máy chủ này, bạn có thể bình luận ở đó.",
            "Nếu có tài khoản trên máy chủ này, bạn có thể bình luận ở đó hoặc tiếp tục trong một bản sao của riêng mình.",
            "Không có gì ở đây", "Liên kết này đã bị kết thúc, đã hết hạn hoặc chưa từng có.", "Quá nhiều lần thử", "Hãy thử lại sau một phút."),
        new("ru", "Беседа с Джин, открытая по ссылке", "Беседа без названия", "Вопрос", "Джин", "Размышления", "Комментарии", "Более ранние сообщения", "Более поздние сообщения",
            "Открыть в JeanTrail", "С учётной записью на этом сервере её можно читать и там.", "С учётной записью на этом сервере там можно комментировать.",
            "С учётной записью на этом сервере там можно комментировать или продолжить в своей копии.",
            "Здесь ничего нет", "Эта ссылка закрыта, истекла или никогда не существовала.", "Слишком много попыток", "Попробуйте ещё раз через минуту."),
    ];

    public bool RightToLeft => Language == "ar";

    public string May(OpenShare share) => share.Copies ? MayCopy : share.Comments ? MayComment : MayRead;

    /// <summary>In the first language of ours that the browser asks for.</summary>
    public static ShareWords For(IEnumerable<StringWithQualityHeaderValue> accepted)
        => accepted.OrderByDescending(each => each.Quality ?? 1)
            .Select(each => Array.Find(All, words => each.Value.Equals(words.Language, StringComparison.OrdinalIgnoreCase) || each.Value.StartsWith(words.Language + "-", StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(words => words is not null) ?? English;
}
