using System.Text.Json;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>
/// ChatGPT's <c>conversations.json</c>: <c>{title, create_time, current_node, mapping: {id: {message, parent, children}}}</c>. Messages that
/// were not said to anybody (system, tools, hidden ones) are left out, and what followed them follows what they followed.
/// </summary>
internal static class ChatGptFormat
{
    public static bool Is(JsonElement item) => item.Object("mapping") is not null;

    public static ImportedTalk Read(JsonElement item)
    {
        var id = item.Id("conversation_id") ?? item.Id("id") ?? throw new NotTakenException("malformed");
        var mapping = item.Object("mapping")!.Value;
        var nodes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var node in mapping.EnumerateObject())
            nodes.TryAdd(node.Name, node.Value);
        var talk = new ImportedTalk(id, item.Text("title") ?? "", item.Time("create_time"))
        {
            UpdatedAt = item.Time("update_time"),
            ArchivedAt = item.Find("is_archived", JsonValueKind.True) is null ? null : item.Time("update_time") ?? item.Time("create_time"),
            ModelId = null,
            Head = item.Text("current_node"),
        };
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, node) in nodes)
        {
            if (node.Object("message") is { } message && ReadMessage(name, node.Text("parent"), message, talk) is { } read)
            {
                kept.Add(name);
                talk.Messages.Add(read);
            }
        }

        for (var i = 0; i < talk.Messages.Count; i++)
            talk.Messages[i] = talk.Messages[i] with { Parent = Nearest(talk.Messages[i].Parent, nodes, kept) };
        return talk with { Head = Nearest(talk.Head, nodes, kept) };
    }

    static string? Nearest(string? at, Dictionary<string, JsonElement> nodes, HashSet<string> kept)
    {
        // So many steps and no more: a stranger's tree may be a circle.
        for (var steps = 0; at is not null && steps <= nodes.Count; steps++)
        {
            if (kept.Contains(at))
                return at;
            at = nodes.TryGetValue(at, out var node) ? node.Text("parent") : null;
        }

        return null;
    }

    static ImportedMessage? ReadMessage(string id, string? parent, JsonElement message, ImportedTalk talk)
    {
        var role = message.Object("author")?.Text("role");
        var metadata = message.Object("metadata") ?? default;
        var content = message.Object("content") ?? default;
        if (role == "system" || metadata.Find("is_visually_hidden_from_conversation", JsonValueKind.True) is not null)
            return null;
        if (role is not ("user" or "assistant") || message.Text("recipient") is { } to && to != "all")
        {
            talk.LeaveOut("tools");
            return null;
        }

        var parts = new List<ImportedPart>();
        string? text;
        switch (content.Text("content_type"))
        {
            case "text":
                text = string.Join("\n\n", content.Items("parts").Select(part => part.Text()).Where(part => !string.IsNullOrEmpty(part)));
                break;
            case "multimodal_text":
                text = ReadMixed(content, metadata, parts, talk);
                break;
            case "code":
                text = $"```\n{content.Text("text")}\n```";
                break;
            default:
                talk.LeaveOut("thoughts");
                return null;
        }

        return text.Length == 0 && parts.Count == 0
            ? null
            : new ImportedMessage(id, parent, role, text, message.Time("create_time")) { ModelId = role == "assistant" ? metadata.Text("model_slug") : null, Parts = parts };
    }

    static string ReadMixed(JsonElement content, JsonElement metadata, List<ImportedPart> parts, ImportedTalk talk)
    {
        var texts = new List<string>();
        foreach (var part in content.Items("parts"))
        {
            if (part.Text() is { } text)
            {
                if (text.Length > 0)
                    texts.Add(text);
            }
            else if (part.Text("content_type") == "image_asset_pointer" && part.Text("asset_pointer") is { } pointer)
            {
                // "file-service://file-abc" and "sediment://file_abc" are called "file-abc-name.png" in the archive.
                var key = pointer[(pointer.LastIndexOf('/') + 1)..];
                parts.Add(new ImportedPart("image", 0, "{}", new ImportedFile(key, NameOf(metadata, key), "image/*", key, null)));
            }
            else if (part.Text("content_type") == "audio_transcription" && part.Text("text") is { Length: > 0 } said)
                texts.Add(said);
            else
                talk.LeaveOut("media");
        }

        return string.Join("\n\n", texts);
    }

    static string NameOf(JsonElement metadata, string key)
        => metadata.Items("attachments").FirstOrDefault(file => file.Text("id") == key).Text("name") ?? key;
}
