using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using JeanTrail.Chat.Marks;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Privacy;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>Our own format, which loses nothing and can be read in again: docs/chat-export.md.</summary>
internal sealed class JsonExport(ExportSource source, IBlobStore blobs, TimeProvider clock)
{
    internal const string Format = "jeantrail.chat";
    internal const string ArchivedName = "chat.json";

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = false };

    /// <summary>With files a ZIP of the JSON and the files, else the JSON alone.</summary>
    public async Task WriteAsync(Stream target, UserId owner, IReadOnlyList<Guid> conversations, ExportChoice choice, CancellationToken cancel)
    {
        if (!choice.Files)
        {
            await WriteJsonAsync(target, owner, conversations, choice, null, cancel);
            return;
        }

        await using var through = new AsynchronousTargetStream(target);
        await using (var zip = await ZipArchive.CreateAsync(through, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel))
        {
            var files = new Dictionary<string, string>(StringComparer.Ordinal);
            await using (var entry = await zip.CreateEntry(ArchivedName).OpenAsync(cancel))
                await WriteJsonAsync(entry, owner, conversations, choice, files, cancel);
            await ArchiveFiles.AddAsync(zip, files, blobs, cancel);
        }

        await through.FlushAsync(cancel);
    }

    async Task WriteJsonAsync(
        Stream target, UserId owner, IReadOnlyList<Guid> conversations, ExportChoice choice, Dictionary<string, string>? files, CancellationToken cancel)
    {
        await using var json = new Utf8JsonWriter(target, Options);
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", 1);
        json.WriteString("exportedAt", clock.GetUtcNow());
        json.WriteStartArray("conversations");
        foreach (var id in conversations)
        {
            if (await source.OpenAsync(id, owner, choice, cancel) is not { } talk)
                continue;
            WriteHead(json, talk);
            json.WriteStartArray("messages");
            await foreach (var message in source.MessagesAsync(talk, owner, cancel))
            {
                Write(json, message, files);
                // What is written goes out: the export is never in memory as a whole.
                await json.FlushAsync(cancel);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            await json.FlushAsync(cancel);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancel);
    }

    static void WriteHead(Utf8JsonWriter json, ExportedTalk talk)
    {
        var conversation = talk.Conversation;
        json.WriteStartObject();
        json.WriteString("id", conversation.Id);
        json.WriteString("title", conversation.Title);
        json.WriteString("titleSource", conversation.TitleSource);
        json.WriteString("modelId", conversation.ModelId);
        // Of a selection the head may be left out.
        var head = talk.Places.Any(place => place.Id == conversation.HeadMessageId) ? conversation.HeadMessageId : talk.Places is [.., var last] ? last.Id : null;
        Write(json, "headMessageId", head);
        json.WriteString("createdAt", conversation.CreatedAt);
        json.WriteString("updatedAt", conversation.UpdatedAt);
        Write(json, "archivedAt", conversation.ArchivedAt);
        json.WriteString("instructions", conversation.Instructions);
        WriteRaw(json, "parameters", conversation.Parameters);
        WriteRaw(json, "tags", conversation.Tags);
        json.WriteString("category", conversation.Category);
        if (conversation.ProjectName is { } project)
        {
            json.WriteStartObject("project");
            json.WriteString("name", project);
            json.WriteString("instructions", conversation.ProjectInstructions);
            json.WriteEndObject();
        }
    }

    static void Write(Utf8JsonWriter json, ExportedMessage message, Dictionary<string, string>? files)
    {
        json.WriteStartObject();
        json.WriteString("id", message.Id);
        Write(json, "parentId", message.ParentId);
        json.WriteString("role", message.Role);
        json.WriteString("text", message.Text);
        json.WriteString("language", message.Language);
        json.WriteString("modelId", message.ModelId);
        json.WriteString("status", message.Status);
        json.WriteString("createdAt", message.CreatedAt);
        if (message.Error is { } error)
            WriteRaw(json, "error", error);
        WriteRaw(json, "actions", message.Actions);
        WriteRaw(json, "citations", message.Citations);
        json.WriteStartArray("parts");
        foreach (var part in message.Parts)
            Write(json, part, files);
        json.WriteEndArray();
        json.WriteStartArray("marks");
        foreach (var mark in message.Marks)
            Write(json, mark);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ExportedPart part, Dictionary<string, string>? files)
    {
        json.WriteStartObject();
        json.WriteString("kind", part.Kind);
        json.WriteNumber("at", part.At);
        WriteRaw(json, "payload", part.Payload);
        if (part.AttachmentId is { } id)
        {
            json.WriteStartObject("file");
            json.WriteString("id", id);
            json.WriteString("name", part.Name);
            json.WriteString("mediaType", part.MediaType);
            json.WriteNumber("sizeBytes", part.SizeBytes ?? 0);
            json.WriteString("origin", part.Origin);
            Write(json, "width", part.Width);
            Write(json, "height", part.Height);
            json.WriteString("extracted", part.Extracted);
            Write(json, "createdAt", part.FileCreatedAt);
            if (files is not null && part.Blob is { } blob)
            {
                files[part.ArchivePath] = blob;
                json.WriteString("path", part.ArchivePath);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, Mark mark)
    {
        json.WriteStartObject();
        json.WriteString("kind", mark.Kind);
        json.WriteString("value", mark.Value);
        json.WriteString("reason", mark.Reason);
        json.WriteString("words", mark.Words);
        Write(json, "start", mark.Start);
        Write(json, "end", mark.End);
        json.WriteString("createdAt", mark.CreatedAt);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, Guid? value)
    {
        if (value is { } id)
            json.WriteString(name, id);
        else
            json.WriteNull(name);
    }

    static void Write(Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } time)
            json.WriteString(name, time);
        else
            json.WriteNull(name);
    }

    static void Write(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    static void WriteRaw(Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }
}

/// <summary>The files of an export, once each.</summary>
internal static class ArchiveFiles
{
    public static async Task AddAsync(ZipArchive zip, IEnumerable<KeyValuePair<string, string>> files, IBlobStore blobs, CancellationToken cancel)
    {
        foreach (var (path, blob) in files)
        {
            if (!BlobHash.TryParse(blob, out var hash) || await blobs.OpenAsync(hash, null, cancel) is not { } content)
                continue;
            await using (content)
            {
                // Images and most documents are compressed already.
                await using var entry = await zip.CreateEntry(path, CompressionLevel.NoCompression).OpenAsync(cancel);
                await content.Stream.CopyToAsync(entry, cancel);
            }
        }
    }
}
