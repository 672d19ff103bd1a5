using System.Globalization;
using JeanTrail.Kernel.Texts;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>The few words around the messages of an export for people.</summary>
internal sealed record ExportWords(string You, string Jean, string Note, string Untitled, bool RightToLeft)
{
    public static ExportWords In(string language) => language switch
    {
        "ar" => new("أنت", "جين", "ملاحظة", "محادثة بلا عنوان", true),
        "vi" => new("Bạn", "Jean", "Ghi chú", "Cuộc trò chuyện chưa đặt tên", false),
        "ru" => new("Вы", "Джин", "Заметка", "Беседа без названия", false),
        _ => new("You", "Jean", "Note", "Untitled conversation", false),
    };

    public string TitleOf(ExportedConversation conversation) => conversation.Title.Length > 0 ? conversation.Title : Untitled;

    public string NameOf(ExportedMessage message) => message.Role == "user" ? You : Jean;

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A title as a file's name that every system takes, without its extension.</summary>
    public static string FileName(string title)
    {
        var plain = string.Concat(title.Select(letter => char.IsLetterOrDigit(letter) || char.IsSurrogate(letter) || letter is '-' or '_' ? letter : ' '));
        var words = string.Join(' ', plain.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var cut = words.Cut(60).TrimEnd();
        return cut.Length > 0 ? cut : "conversation";
    }
}
