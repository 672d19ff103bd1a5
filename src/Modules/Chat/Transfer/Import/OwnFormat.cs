using System.Text.Json;
using JeanTrail.Chat.Marks;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>What <see cref="Export.JsonExport"/> writes: docs/chat-export.md. It may have been changed on the way, so nothing in it is believed.</summary>
internal static class OwnFormat
{
    static readonly string[] Statuses = ["complete", "stopped", "interrupted", "failed"];
    static readonly string[] Kinds = ["reasoning", "tool", "image", "file"];

    public static ImportedTalk Read(JsonElement item)
    {
        var id = item.Id("id") ?? throw new NotTakenException("malformed");
        var talk = new ImportedTalk(id, item.Text("title") ?? "", item.Time("createdAt"))
        {
            UpdatedAt = item.Time("updatedAt"),
            ArchivedAt = item.Time("archivedAt"),
            ModelId = item.Text("modelId"),
            TitleIsManual = item.Text("titleSource") == "manual",
            Instructions = item.Text("instructions") ?? "",
            Parameters = item.Raw("parameters", JsonValueKind.Object) ?? "{}",
            Tags = [.. item.Items("tags").Select(tag => tag.Text()).OfType<string>()],
            Category = item.Text("category"),
            Project = item.Object("project") is { } project && project.Text("name") is { Length: > 0 } name ? (name, project.Text("instructions") ?? "") : null,
            Head = item.Text("headMessageId"),
        };
        foreach (var message in item.Items("messages"))
        {
            if (message.Id("id") is not { } messageId || message.Text("role") is not ("user" or "assistant"))
                throw new NotTakenException("malformed");
            talk.Messages.Add(ReadMessage(messageId, message, talk));
        }

        return talk;
    }

    static ImportedMessage ReadMessage(string id, JsonElement message, ImportedTalk talk)
    {
        var text = message.Text("text") ?? "";
        var role = message.Text("role")!;
        return new ImportedMessage(id, message.Text("parentId"), role, text, message.Time("createdAt"))
        {
            Language = message.Text("language"),
            ModelId = message.Text("modelId"),
            Status = message.Text("status") is { } status && Statuses.Contains(status, StringComparer.Ordinal) ? status : "interrupted",
            Error = message.Raw("error", JsonValueKind.Object),
            Actions = message.Raw("actions", JsonValueKind.Array) ?? "[]",
            Citations = message.Raw("citations", JsonValueKind.Array) ?? "[]",
            Parts = [.. message.Items("parts").Select(part => ReadPart(part, text, talk)).OfType<ImportedPart>()],
            Marks = [.. message.Items("marks").Select(mark => ReadMark(mark, role, text, talk)).OfType<ImportedMark>()],
        };
    }

    static ImportedPart? ReadPart(JsonElement part, string text, ImportedTalk talk)
    {
        if (part.Text("kind") is not { } kind || !Kinds.Contains(kind, StringComparer.Ordinal))
            return null;
        var file = part.Object("file");
        if (kind is "image" or "file" && file?.Text("path") is null)
        {
            talk.LeaveOut("files");
            return null;
        }

        return new ImportedPart(
            kind, Math.Clamp(part.Number("at") ?? 0, 0, text.Length), part.Raw("payload", JsonValueKind.Object) ?? "{}",
            file is { } one && one.Id("id") is { } id && one.Text("path") is { } path
                ? new ImportedFile(id, one.Text("name") ?? "file", one.Text("mediaType") ?? "application/octet-stream", path, null)
                {
                    Origin = one.Text("origin") == "generated" ? "generated" : "uploaded",
                    Width = one.Number("width"),
                    Height = one.Number("height"),
                    Extracted = one.Text("extracted"),
                    CreatedAt = one.Time("createdAt"),
                }
                : null);
    }

    static ImportedMark? ReadMark(JsonElement mark, string role, string text, ImportedTalk talk)
    {
        var read = new ImportedMark(mark.Text("kind") ?? "", mark.Text("value"), mark.Text("reason"), mark.Text("words") ?? "", mark.Number("start"), mark.Number("end"), mark.Time("createdAt"));
        if (read.Kind is "reaction" or "rating" or "highlight" or "note" or "bookmark" && read.Words.Length <= MarkRules.MaxWords
            && MarkRules.Fault(read.Kind, read.Value, read.Reason, read.Words, read.Start, read.End, role, text) is null)
            return read;
        talk.LeaveOut("marks");
        return null;
    }
}
