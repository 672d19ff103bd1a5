using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Gemini;

/// <summary>Writes the content of one message as parts. Source: Gemini API reference, Part, Blob and FileData; File input methods.</summary>
internal static class GeminiParts
{
    internal static void Write(Utf8JsonWriter json, JsonElement message)
    {
        var content = message.Member("content"u8);
        if (content.IsText())
            WriteText(json, content);
        foreach (var part in content.Items())
        {
            if (part.Text("type"u8) == "text")
                WriteText(json, part.Member("text"u8));
            else
                WriteMediaPart(json, part);
        }
    }

    /// <summary>All of it but the text.</summary>
    internal static void WriteMedia(Utf8JsonWriter json, JsonElement message)
    {
        foreach (var part in message.Items("content"u8).Where(part => part.Text("type"u8) != "text"))
            WriteMediaPart(json, part);
    }

    /// <param name="type">Where the address does not tell.</param>
    internal static void WriteUrl(Utf8JsonWriter json, JsonElement url, string type)
    {
        if (DataUri.TryRead(url, out var data))
        {
            WriteBlob(json, data.MediaType, data.Data);
            return;
        }

        if (url.Text() is not { } address || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http" or "gs"))
            throw RequestTranslation.CannotSay("A picture or file must come as data or as an address.", "messages");
        WriteFile(json, address, TypeOf(uri) ?? type);
    }

    static void WriteMediaPart(Utf8JsonWriter json, JsonElement part)
    {
        switch (part.Text("type"u8))
        {
            case "image_url":
                var image = part.Member("image_url"u8);
                WriteUrl(json, image.IsText() ? image : image.Member("url"u8), "image/jpeg");
                break;
            case "input_audio":
                WriteAudio(json, part.Member("input_audio"u8));
                break;
            case "file":
                var file = part.Member("file"u8);
                // Files uploaded to Google are known by their address.
                WriteUrl(json, file.Member("file_data"u8).IsText() ? file.Member("file_data"u8) : file.Member("file_id"u8), "application/pdf");
                break;
            default:
                throw RequestTranslation.CannotSay("Gemini knows no content of this type.", "messages");
        }
    }

    static void WriteText(Utf8JsonWriter json, JsonElement text)
    {
        // Empty parts are refused.
        if (!text.IsWritten())
            return;
        json.WriteStartObject();
        json.WriteRaw("text"u8, text);
        json.WriteEndObject();
    }

    static void WriteAudio(Utf8JsonWriter json, JsonElement audio)
    {
        var data = audio.Member("data"u8);
        if (!data.IsText())
            throw RequestTranslation.Invalid("Sound must come as data.", "messages");
        json.WriteStartObject();
        json.WriteStartObject("inlineData"u8);
        json.WriteString("mimeType"u8, audio.Text("format"u8) switch
        {
            "wav" => "audio/wav",
            "mp3" => "audio/mp3",
            "flac" => "audio/flac",
            "ogg" => "audio/ogg",
            "aac" => "audio/aac",
            "aiff" => "audio/aiff",
            _ => throw RequestTranslation.CannotSay("Gemini does not know this format of sound.", "messages"),
        });
        json.WriteRaw("data"u8, data);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteBlob(Utf8JsonWriter json, string type, ReadOnlySpan<byte> data)
    {
        json.WriteStartObject();
        json.WriteStartObject("inlineData"u8);
        json.WriteString("mimeType"u8, type);
        json.WriteString("data"u8, data);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteFile(Utf8JsonWriter json, string address, string type)
    {
        json.WriteStartObject();
        json.WriteStartObject("fileData"u8);
        json.WriteString("mimeType"u8, type);
        json.WriteString("fileUri"u8, address);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static string? TypeOf(Uri address) => Path.GetExtension(address.AbsolutePath).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".webp" => "image/webp",
        ".gif" => "image/gif",
        ".heic" => "image/heic",
        ".pdf" => "application/pdf",
        ".mp3" => "audio/mp3",
        ".wav" => "audio/wav",
        ".mp4" => "video/mp4",
        ".webm" => "video/webm",
        ".txt" => "text/plain",
        _ => null,
    };
}
