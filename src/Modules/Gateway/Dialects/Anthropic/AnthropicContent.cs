using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>Writes the content of one message as blocks. Source: Anthropic API reference, content blocks; Vision; PDF support.</summary>
internal static class AnthropicContent
{
    internal static void WriteContent(Utf8JsonWriter json, JsonElement message)
    {
        var content = message.Member("content"u8);
        if (content.IsText())
            WriteText(json, content, message.Member("cache_control"u8));
        foreach (var part in content.Items())
            WritePart(json, part);
    }

    /// <summary>Content that may hold nothing but text.</summary>
    internal static void WriteTexts(Utf8JsonWriter json, JsonElement message, string otherwise, bool trimEnd = false)
    {
        var content = message.Member("content"u8);
        if (content.IsText())
            WriteText(json, content, message.Member("cache_control"u8), trimEnd);
        foreach (var part in content.Items())
        {
            if (part.Text("type"u8) is not ("text" or "refusal"))
                throw RequestTranslation.CannotSay(otherwise, "messages");
            WriteText(json, part.Text("type"u8) == "text" ? part.Member("text"u8) : part.Member("refusal"u8), part.Member("cache_control"u8), trimEnd);
        }

        WriteText(json, message.Member("refusal"u8), default, trimEnd);
    }

    internal static void WriteResult(Utf8JsonWriter json, JsonElement message)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_result"u8);
        json.WriteString("tool_use_id"u8, CallId(message.Text("tool_call_id"u8)));
        json.WriteStartArray("content"u8);
        WriteContent(json, message);
        json.WriteEndArray();
        if (message.Member("is_error"u8).IsTrue())
            json.WriteBoolean("is_error"u8, true);
        if (!message.Member("content"u8).IsText())
            WriteCache(json, message.Member("cache_control"u8));
        json.WriteEndObject();
    }

    /// <summary>The API takes only letters, digits, _ and -; other servers make other ids.</summary>
    internal static string CallId(string? id)
        => id is not { Length: > 0 } ? throw RequestTranslation.Invalid("A call of a tool and its result must have an id.", "messages")
            : string.Concat(id.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_'));

    static void WritePart(Utf8JsonWriter json, JsonElement part)
    {
        switch (part.Text("type"u8))
        {
            case "text":
                WriteText(json, part.Member("text"u8), part.Member("cache_control"u8));
                break;
            case "image_url":
                var image = part.Member("image_url"u8);
                WriteMedia(json, image.IsText() ? image : image.Member("url"u8), part, isFile: false);
                break;
            case "file":
                WriteMedia(json, part.Member("file"u8).Member("file_data"u8), part, isFile: true);
                break;
            case "input_audio":
                throw RequestTranslation.CannotSay("Anthropic does not listen to sound.", "messages");
            default:
                throw RequestTranslation.CannotSay("Anthropic knows no content of this type.", "messages");
        }
    }

    static void WriteText(Utf8JsonWriter json, JsonElement text, JsonElement cache, bool trimEnd = false)
    {
        // Blank texts are refused.
        if (!text.IsWritten())
            return;
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        if (trimEnd)
            json.WriteString("text"u8, text.Text().AsSpan().TrimEnd());
        else
            json.WriteRaw("text"u8, text);
        WriteCache(json, cache);
        json.WriteEndObject();
    }

    static void WriteMedia(Utf8JsonWriter json, JsonElement source, JsonElement part, bool isFile)
    {
        json.WriteStartObject();
        if (DataUri.TryRead(source, out var data))
            WriteData(json, data);
        else
            WriteUrl(json, source.Text(), isFile);
        if (isFile && part.Member("file"u8).Member("filename"u8) is { ValueKind: JsonValueKind.String } name && !data.MediaType.AsSpan().StartsWith("image/"))
            json.WriteRaw("title"u8, name);
        WriteCache(json, part.Member("cache_control"u8));
        json.WriteEndObject();
    }

    static void WriteData(Utf8JsonWriter json, DataUri data)
    {
        var type = data.MediaType == "image/jpg" ? "image/jpeg" : data.MediaType;
        var isText = type.StartsWith("text/", StringComparison.Ordinal);
        json.WriteString("type"u8, type switch
        {
            "image/jpeg" or "image/png" or "image/gif" or "image/webp" => "image",
            "application/pdf" => "document",
            _ when isText => "document",
            _ => throw RequestTranslation.CannotSay("Anthropic reads pictures (JPEG, PNG, GIF, WebP), PDF and text, and no other files.", "messages"),
        });
        json.WriteStartObject("source"u8);
        json.WriteString("type"u8, isText ? "text"u8 : "base64"u8);
        json.WriteString("media_type"u8, isText ? "text/plain" : type);
        if (isText)
            json.WriteString("data"u8, Decode(data.Data));
        else
            json.WriteString("data"u8, data.Data);
        json.WriteEndObject();
    }

    static void WriteUrl(Utf8JsonWriter json, string? url, bool isFile)
    {
        if (url is null || !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            throw RequestTranslation.CannotSay(
                isFile ? "A file must come with its data; those uploaded to OpenAI are not known to Anthropic." : "A picture must come as data or as an https address.", "messages");
        }

        json.WriteString("type"u8, isFile ? "document"u8 : "image"u8);
        json.WriteStartObject("source"u8);
        json.WriteString("type"u8, "url"u8);
        json.WriteString("url"u8, url);
        json.WriteEndObject();
    }

    static byte[] Decode(ReadOnlySpan<byte> base64)
    {
        var bytes = new byte[System.Buffers.Text.Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (System.Buffers.Text.Base64.DecodeFromUtf8(base64, bytes, out _, out var written) != System.Buffers.OperationStatus.Done || !System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, written)))
            throw RequestTranslation.Invalid("A text file must be Base64 of UTF-8.", "messages");
        return bytes[..written];
    }

    static void WriteCache(Utf8JsonWriter json, JsonElement cache)
    {
        if (cache.IsObject())
            json.WriteRaw("cache_control"u8, cache);
    }
}
