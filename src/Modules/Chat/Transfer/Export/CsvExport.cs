using System.Globalization;
using System.Text;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>A line for each message. Source: RFC 4180, with the mark by which spreadsheets know UTF-8.</summary>
internal sealed class CsvExport(ExportSource source)
{
    const string Header = "conversation_id,conversation,message_id,parent_id,role,model,status,created_at,text,files,bookmarked,rating,reactions,notes";

    public async Task WriteAsync(Stream target, UserId owner, IReadOnlyList<Guid> conversations, ExportChoice choice, CancellationToken cancel)
    {
        await using var text = new StreamWriter(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await text.WriteAsync($"{Header}\r\n");
        foreach (var id in conversations)
        {
            if (await source.OpenAsync(id, owner, choice, cancel) is not { } talk)
                continue;
            await foreach (var message in source.MessagesAsync(talk, owner, cancel))
            {
                await text.WriteAsync(Line(talk.Conversation, message));
                await text.FlushAsync(cancel);
            }
        }

        await text.FlushAsync(cancel);
    }

    static string Line(ExportedConversation conversation, ExportedMessage message)
    {
        string[] cells =
        [
            conversation.Id.ToString(), conversation.Title, message.Id.ToString(), message.ParentId?.ToString() ?? "", message.Role, message.ModelId ?? "", message.Status,
            message.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture), message.Text,
            string.Join("; ", message.Files.Select(file => file.Name)),
            message.Marks.Any(mark => mark.Kind == "bookmark") ? "yes" : "",
            message.Marks.FirstOrDefault(mark => mark.Kind == "rating")?.Value ?? "",
            string.Join(' ', message.Marks.Where(mark => mark.Kind == "reaction").Select(mark => mark.Value)),
            string.Join("\n", message.Marks.Where(mark => mark.Kind == "note").Select(mark => mark.Words)),
        ];
        return string.Join(',', cells.Select(Cell)) + "\r\n";
    }

    /// <summary>A cell that a spreadsheet would run as a formula is kept from it by an apostrophe. Source: OWASP, CSV injection.</summary>
    internal static string Cell(string value)
    {
        if (value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..])
            value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
