using System.Text.Json;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>
/// LibreChat: <c>{conversationId, title, messages: [{messageId, parentMessageId, text, isCreatedByUser, createdAt, model}]}</c>; recursive exports
/// hang what follows in <c>children</c>.
/// </summary>
internal static class LibreChatFormat
{
    public static bool Is(JsonElement item) => item.Find("messages", JsonValueKind.Array) is not null && item.Id("conversationId") is not null;

    public static ImportedTalk Read(JsonElement item)
    {
        var options = item.Object("options") ?? default;
        var talk = new ImportedTalk(item.Id("conversationId")!, item.Text("title") ?? "", item.Time("createdAt"))
        {
            UpdatedAt = item.Time("updatedAt"),
            ModelId = options.Text("model") ?? item.Text("model"),
            Instructions = options.Text("promptPrefix") ?? options.Text("system") ?? "",
            Tags = [.. item.Items("tags").Select(tag => tag.Text()).OfType<string>()],
        };
        string? last = null;
        var next = new Stack<(JsonElement Message, string? Parent)>(item.Items("messages").Reverse().Select(message => (message, (string?)null)));
        while (next.TryPop(out var place))
        {
            var (message, above) = place;
            if (message.ValueKind != JsonValueKind.Object)
                continue;
            var id = message.Id("messageId") ?? $"{talk.Messages.Count}";
            Add(talk, id, message.Text("parentMessageId") ?? above, message);
            last = id;
            foreach (var child in message.Items("children").Reverse())
                next.Push((child, id));
        }

        return talk with { Head = last, CreatedAt = talk.CreatedAt ?? talk.Messages.Min(message => message.CreatedAt) };
    }

    static void Add(ImportedTalk talk, string id, string? parent, JsonElement message)
    {
        var user = message.Find("isCreatedByUser", JsonValueKind.True) is not null || message.Text("sender") is "User" or "user";
        var text = message.Text("text") is { Length: > 0 } plain ? plain : string.Join("\n\n", message.Items("content").Select(TextOf).OfType<string>());
        foreach (var _ in message.Items("files").Concat(message.Items("attachments")))
            talk.LeaveOut("files");
        talk.Messages.Add(new ImportedMessage(id, parent, user ? "user" : "assistant", text, message.Time("createdAt"))
        {
            ModelId = user ? null : message.Text("model"),
            Status = message.Find("error", JsonValueKind.True) is not null ? "failed" : message.Find("unfinished", JsonValueKind.True) is not null ? "interrupted" : "complete",
        });
    }

    static string? TextOf(JsonElement part)
        => part.Text("type") == "text" ? part.Text("text") ?? part.Object("text")?.Text("value") : null;
}
