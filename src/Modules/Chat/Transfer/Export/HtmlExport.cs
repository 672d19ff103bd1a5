using System.Security.Cryptography;
using System.Text;
using JeanTrail.Chat.Messages;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>
/// The page that is printed to PDF: one file that needs nothing from elsewhere. Messages are untrusted; their HTML is shown as text, their
/// links lead to the web or nowhere, their images are named and not fetched, and a policy of the page itself allows neither scripts nor requests.
/// </summary>
internal sealed class HtmlExport(ExportSource source, IBlobStore blobs, ExportFonts fonts)
{
    /// <summary>More would keep the printer busy for minutes.</summary>
    internal const int MaxMessages = 5_000;

    const string Head = """
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:">
        """;

    const string Style = """
        @page { size: A4; margin: 18mm 16mm 20mm; }
        body { margin: 0; color: #1c2230; font-size: 10.5pt; line-height: 1.55; }
        h1, h2, h3, h4, h5, h6, p, li, td, th, blockquote { unicode-bidi: plaintext; text-align: start; }
        .talk + .talk { break-before: page; }
        .talk > h1 { font-size: 17pt; line-height: 1.3; margin: 0 0 6mm; }
        article { margin: 0 0 6mm; }
        article > header { display: flex; gap: 3mm; align-items: baseline; border-block-start: 0.3mm solid #d9d6cf; padding-block-start: 2mm; break-after: avoid; }
        article > header b { color: #146c6c; } article.user > header b { color: #1c2230; }
        article > header span { color: #5b6270; font-size: 8.5pt; }
        .text { overflow-wrap: anywhere; } .user .text { white-space: pre-wrap; unicode-bidi: plaintext; }
        .text h1 { font-size: 13.5pt; } .text h2 { font-size: 12.5pt; } .text h3, .text h4, .text h5, .text h6 { font-size: 11pt; }
        .text h1, .text h2, .text h3, .text h4 { break-after: avoid; }
        pre { direction: ltr; text-align: left; white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f3ef; border-radius: 2mm; padding: 3mm; font-size: 8.5pt; }
        code { font-family: "DejaVu Sans Mono", monospace; } :not(pre) > code { background: #f5f3ef; border-radius: 1mm; padding: 0 1mm; font-size: 9pt; }
        table { border-collapse: collapse; width: 100%; margin-block: 3mm; } td, th { border: 0.2mm solid #cfcbc2; padding: 1.2mm 2mm; vertical-align: top; }
        tr, img { break-inside: avoid; } img { max-width: 100%; max-height: 200mm; display: block; margin-block: 3mm; }
        blockquote { margin-inline: 0; padding-inline-start: 4mm; border-inline-start: 0.6mm solid #b9b4a8; color: #444b59; }
        .said { white-space: pre-wrap; overflow-wrap: anywhere; }
        .note { background: #fdf3dc; border-radius: 2mm; padding: 2mm 3mm; white-space: pre-wrap; unicode-bidi: plaintext; } .file { color: #5b6270; }
        a { color: #a2341d; }
        """;

    public async Task WriteAsync(Stream target, UserId owner, IReadOnlyList<Guid> conversations, ExportChoice choice, CancellationToken cancel)
    {
        var words = ExportWords.In(choice.Language);
        await using var page = new StreamWriter(target, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await page.WriteAsync($"<!doctype html><html lang=\"{choice.Language}\" dir=\"{(words.RightToLeft ? "rtl" : "ltr")}\"><head>{Head}<title>JeanTrail</title><style>");
        await page.WriteAsync(await fonts.StyleAsync(cancel));
        await page.WriteAsync($"{Style}</style></head><body>");
        foreach (var id in conversations)
        {
            if (await source.OpenAsync(id, owner, choice, cancel) is not { } talk)
                continue;
            await page.WriteAsync($"<section class=\"talk\"><h1>{RenderedText.Plain(words.TitleOf(talk.Conversation))}</h1>");
            await foreach (var message in source.MessagesAsync(talk, owner, cancel))
                await WriteAsync(page, message, words, choice.Files, cancel);
            await page.WriteAsync("</section>");
        }

        await page.WriteAsync("</body></html>");
        await page.FlushAsync(cancel);
    }

    async Task WriteAsync(StreamWriter page, ExportedMessage message, ExportWords words, bool withFiles, CancellationToken cancel)
    {
        var model = message is { Role: "assistant", ModelId: { } id } ? $"<span dir=\"ltr\">{RenderedText.Plain(id)}</span>" : "";
        await page.WriteAsync($"<article class=\"{message.Role}\"><header><b>{RenderedText.Plain(words.NameOf(message))}</b>{model}<span dir=\"ltr\">{ExportWords.Time(message.CreatedAt)}</span></header>");
        await page.WriteAsync($"<div class=\"text\" dir=\"auto\">{(message.Role == "user" ? RenderedText.Plain(message.Text) : RenderedText.OfMarkdown(message.Text))}</div>");
        foreach (var part in message.Files)
        {
            if (withFiles && (part.MediaType is "image/png" or "image/jpeg" or "image/gif" or "image/webp") && BlobHash.TryParse(part.Blob, out var hash)
                && await blobs.OpenAsync(hash, null, cancel) is { } content)
            {
                await using (content)
                    await WriteImageAsync(page, part, content.Stream, cancel);
            }
            else
                await page.WriteAsync($"<p class=\"file\"><bdi>{RenderedText.Plain(part.Name ?? "")}</bdi></p>");
            if (part.Said is { } said)
                await page.WriteAsync($"<blockquote class=\"said\">{RenderedText.Plain(said)}</blockquote>");
        }

        foreach (var note in message.Marks.Where(mark => mark.Kind == "note"))
            await page.WriteAsync($"<p class=\"note\"><b>{RenderedText.Plain(words.Note)}:</b> {RenderedText.Plain(note.Words)}</p>");
        await page.WriteAsync("</article>");
    }

    static async Task WriteImageAsync(StreamWriter page, ExportedPart part, Stream image, CancellationToken cancel)
    {
        await page.WriteAsync($"<img alt=\"{RenderedText.Plain(part.Name ?? "")}\" src=\"data:{part.MediaType};base64,");
        await page.FlushAsync(cancel);
        await using (var base64 = new CryptoStream(page.BaseStream, new ToBase64Transform(), CryptoStreamMode.Write, leaveOpen: true))
            await image.CopyToAsync(base64, cancel);
        await page.WriteAsync("\">");
    }
}
