using System.Text.Json;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>Open WebUI: <c>[{id, title, chat: {history: {messages: {id: {parentId, role, content, timestamp}}, currentId}}}]</c>, images as data addresses.</summary>
internal static class OpenWebUiFormat
{
    const int LongestDataUrl = 40 << 20;

    public static bool Is(JsonElement item) => item.Object("chat") is { } chat && (chat.Object("history") is not null || chat.Find("messages", JsonValueKind.Array) is not null);

    public static ImportedTalk Read(JsonElement item)
    {
        var chat = item.Object("chat")!.Value;
        var id = item.Id("id") ?? chat.Id("id") ?? throw new NotTakenException("malformed");
        var history = chat.Object("history") ?? default;
        var tags = item.Object("meta") is { } meta ? meta.Items("tags") : chat.Items("tags");
        var talk = new ImportedTalk(id, item.Text("title") ?? chat.Text("title") ?? "", item.Time("created_at") ?? chat.Time("timestamp"))
        {
            UpdatedAt = item.Time("updated_at"),
            ArchivedAt = item.Find("archived", JsonValueKind.True) is null ? null : item.Time("updated_at") ?? item.Time("created_at"),
            ModelId = chat.Items("models").Select(model => model.Text()).FirstOrDefault(),
            Head = history.Text("currentId"),
            Instructions = chat.Object("params")?.Text("system") ?? chat.Text("system") ?? "",
            Tags = [.. tags.Select(tag => tag.Text()).OfType<string>()],
        };
        if (history.Object("messages") is { } messages)
        {
            foreach (var message in messages.EnumerateObject())
                Add(talk, message.Name, message.Value.Text("parentId"), message.Value);
        }
        else
        {
            // Old exports have the shown branch only.
            string? before = null;
            foreach (var message in chat.Items("messages"))
            {
                var name = message.Id("id") ?? $"{talk.Messages.Count}";
                Add(talk, name, message.Text("parentId") ?? before, message);
                before = name;
            }

            talk = talk with { Head = talk.Head ?? before };
        }

        return talk;
    }

    static void Add(ImportedTalk talk, string id, string? parent, JsonElement message)
    {
        var role = message.Text("role");
        if (role is not ("user" or "assistant"))
        {
            talk.LeaveOut(role == "system" ? "system" : "tools");
            return;
        }

        var text = message.Text("content") ?? string.Join("\n\n", message.Items("content").Select(part => part.Text("text")).OfType<string>());
        var parts = new List<ImportedPart>();
        foreach (var file in message.Items("files"))
        {
            if (file.Text("type") == "image" && file.Find("url", JsonValueKind.String) is { } url && ReadDataUrl(url) is var (type, bytes))
                parts.Add(new ImportedPart("image", 0, "{}", new ImportedFile($"{id} {parts.Count}", file.Text("name") ?? $"image {parts.Count + 1}", type, null, bytes)));
            else
                talk.LeaveOut("files");
        }

        talk.Messages.Add(new ImportedMessage(id, parent, role, text, message.Time("timestamp"))
        {
            ModelId = role == "assistant" ? message.Text("model") : null,
            Status = message.Find("done", JsonValueKind.False) is null ? "complete" : "interrupted",
            Parts = parts,
        });
    }

    static (string Type, byte[] Bytes)? ReadDataUrl(JsonElement value)
    {
        if (value.GetRawText().Length > LongestDataUrl || value.Text() is not { } url || !url.StartsWith("data:image/", StringComparison.Ordinal))
            return null;
        var comma = url.IndexOf(";base64,", StringComparison.Ordinal);
        if (comma < 0)
            return null;
        var bytes = new byte[(url.Length - comma) / 4 * 3];
        return Convert.TryFromBase64String(url[(comma + 8)..], bytes, out var length) ? (url[5..comma], bytes[..length]) : null;
    }
}
