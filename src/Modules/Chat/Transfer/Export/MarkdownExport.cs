using System.IO.Compression;
using System.Text;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Privacy;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>One Markdown file for each conversation; with files, or of several conversations, in a ZIP.</summary>
internal sealed class MarkdownExport(ExportSource source, IBlobStore blobs)
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public async Task WriteOneAsync(Stream target, UserId owner, ExportedTalk talk, ExportChoice choice, CancellationToken cancel)
        => await WriteAsync(target, owner, talk, choice with { Files = false }, null, cancel);

    public async Task WriteArchiveAsync(Stream target, UserId owner, IReadOnlyList<Guid> conversations, ExportChoice choice, CancellationToken cancel)
    {
        await using var through = new AsynchronousTargetStream(target);
        await using (var zip = await ZipArchive.CreateAsync(through, ZipArchiveMode.Create, leaveOpen: true, Utf8, cancel))
        {
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            var number = 0;
            foreach (var id in conversations)
            {
                if (await source.OpenAsync(id, owner, choice, cancel) is not { } talk)
                    continue;
                var name = ExportWords.FileName(talk.Conversation.Title);
                await using var entry = await zip.CreateEntry(conversations.Count == 1 ? $"{name}.md" : $"{++number:D4} {name}.md").OpenAsync(cancel);
                await WriteAsync(entry, owner, talk, choice, choice.Files ? files : null, cancel);
            }

            await ArchiveFiles.AddAsync(zip, files, blobs, cancel);
        }

        await through.FlushAsync(cancel);
    }

    async Task WriteAsync(Stream target, UserId owner, ExportedTalk talk, ExportChoice choice, Dictionary<string, string>? files, CancellationToken cancel)
    {
        var words = ExportWords.In(choice.Language);
        await using var text = new StreamWriter(target, Utf8, leaveOpen: true);
        await text.WriteAsync($"# {OneLine(words.TitleOf(talk.Conversation))}\n");
        await foreach (var message in source.MessagesAsync(talk, owner, cancel))
        {
            var model = message is { Role: "assistant", ModelId: { } id } ? $" ({id})" : "";
            await text.WriteAsync($"\n## {words.NameOf(message)}{model} · {ExportWords.Time(message.CreatedAt)}\n\n{message.Text.TrimEnd()}\n");
            foreach (var part in message.Files)
            {
                var name = OneLine(part.Name ?? "file").Replace("[", "(", StringComparison.Ordinal).Replace("]", ")", StringComparison.Ordinal);
                if (files is null || part.Blob is not { } blob)
                    await text.WriteAsync($"\n*{name}*\n");
                else
                {
                    files[part.ArchivePath] = blob;
                    await text.WriteAsync($"\n{(part.IsImage ? "!" : "")}[{name}]({part.ArchivePath})\n");
                }

                if (part.Said is { } said)
                    await text.WriteAsync(Quoted(said));
            }

            foreach (var note in message.Marks.Where(mark => mark.Kind == "note"))
                await text.WriteAsync(Quoted($"**{words.Note}:** {note.Words}"));
            await text.FlushAsync(cancel);
        }

        await text.FlushAsync(cancel);
    }

    static string Quoted(string text) => $"\n> {text.ReplaceLineEndings("\n> ")}\n";

    static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
