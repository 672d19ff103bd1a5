using System.Buffers.Binary;

namespace JeanTrail.Chat.Attachments;

/// <summary>What a file is, by its bytes. Names and what the sender said only choose among kinds of text and of packed documents.</summary>
/// <remarks>Source: WHATWG MIME Sniffing Standard; the formats' own specifications.</remarks>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";

    /// <summary>As many bytes as <see cref="Of"/> and <see cref="ImageSize"/> want to see of a file's beginning.</summary>
    public const int HeadBytes = 512 * 1024;

    static readonly Dictionary<string, string> TextByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".md"] = "text/markdown",
        [".markdown"] = "text/markdown",
        [".csv"] = "text/csv",
        [".tsv"] = "text/tab-separated-values",
        [".json"] = "application/json",
        [".html"] = "text/html",
        [".htm"] = "text/html",
        [".xml"] = "text/xml",
        [".svg"] = "image/svg+xml",
    };

    static readonly Dictionary<string, string> ZipByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    };

    public static string Of(ReadOnlySpan<byte> head, string name)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            return "image/png";
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return "image/jpeg";
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8))
            return "image/gif";
        if (head.StartsWith("RIFF"u8) && head.Length >= 12)
            return head[8..12].SequenceEqual("WEBP"u8) ? "image/webp" : head[8..12].SequenceEqual("WAVE"u8) ? "audio/wav" : Unknown;
        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8))
            return OfIsoMedia(head[8..12], head);
        if (head.StartsWith("%PDF-"u8))
            return "application/pdf";
        if (head.StartsWith("OggS"u8))
            return "audio/ogg";
        if (head.StartsWith("fLaC"u8))
            return "audio/flac";
        if (head.StartsWith("ID3"u8) || head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2)
            return "audio/mpeg";
        if (head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]))
            return head.IndexOf("V_VP8"u8) >= 0 || head.IndexOf("V_VP9"u8) >= 0 || head.IndexOf("V_AV1"u8) >= 0 || head.IndexOf("V_MPEG"u8) >= 0 ? "video/webm" : "audio/webm";
        if (head.StartsWith("PK\x03\x04"u8))
            return ZipByExtension.GetValueOrDefault(Path.GetExtension(name), "application/zip");
        return IsText(head) ? TextByExtension.GetValueOrDefault(Path.GetExtension(name), "text/plain") : Unknown;
    }

    /// <summary>Pictures of pixels: what browsers draw without running anything, and models look at.</summary>
    public static bool IsPicture(string mediaType) => mediaType is "image/png" or "image/jpeg" or "image/gif" or "image/webp" or "image/avif";

    /// <summary>What may hold words that are spoken.</summary>
    public static bool IsSound(string mediaType) => mediaType.StartsWith("audio/", StringComparison.Ordinal);

    /// <summary>What holds text as it is.</summary>
    public static bool IsTextual(string mediaType)
        => mediaType.StartsWith("text/", StringComparison.Ordinal) || mediaType is "application/json" or "image/svg+xml";

    /// <summary>What may be shown in the page; everything else is saved as a file.</summary>
    public static bool IsInert(string mediaType)
        => IsPicture(mediaType) || IsSound(mediaType) || mediaType.StartsWith("video/", StringComparison.Ordinal);

    /// <summary>Pictures, sound or film. What browsers record has no brand of its own: it is sound when it says that it has a track of sound, and none of pictures.</summary>
    static string OfIsoMedia(ReadOnlySpan<byte> brand, ReadOnlySpan<byte> head)
        => brand.SequenceEqual("avif"u8) ? "image/avif" : brand.SequenceEqual("M4A "u8) || HasTrack(head, "soun"u8) && !HasTrack(head, "vide"u8) ? "audio/mp4" : brand.StartsWith("hei"u8) || brand.SequenceEqual("mif1"u8) ? Unknown : "video/mp4";

    /// <summary>A handler box: its size, type, version and flags, a field of zeros, and what it handles.</summary>
    static bool HasTrack(ReadOnlySpan<byte> head, ReadOnlySpan<byte> kind)
    {
        for (var at = head.IndexOf("hdlr"u8); at >= 0; at = head.IndexOf("hdlr"u8))
        {
            head = head[(at + 4)..];
            if (head.Length >= 12 && head[8..12].SequenceEqual(kind))
                return true;
        }

        return false;
    }

    static bool IsText(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return true;
        foreach (var value in head)
        {
            if (value < 0x20 && value is not (0x09 or 0x0A or 0x0C or 0x0D or 0x1B))
                return false;
        }

        // The end of the head may stand in the middle of a character.
        for (var cut = 0; cut <= Math.Min(3, head.Length); cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(head[..^cut]))
                return true;
        }

        return false;
    }
}

/// <summary>How large a picture says it is, read from its header alone: nothing is unpacked for a picture that is refused.</summary>
internal static class ImageSize
{
    /// <summary>Null when the header does not say, or is damaged.</summary>
    public static (int Width, int Height)? Read(ReadOnlySpan<byte> head, string mediaType)
    {
        var size = mediaType switch
        {
            "image/png" when head.Length >= 24 && head[12..16].SequenceEqual("IHDR"u8) => (Big(head[16..]), Big(head[20..])),
            "image/gif" when head.Length >= 10 => (Little16(head[6..]), Little16(head[8..])),
            "image/jpeg" => OfJpeg(head),
            "image/webp" => OfWebP(head),
            "image/avif" => OfAvif(head),
            _ => (0L, 0L),
        };
        return size is ( > 0 and <= int.MaxValue, > 0 and <= int.MaxValue) ? ((int)size.Item1, (int)size.Item2) : null;
    }

    static (long, long) OfJpeg(ReadOnlySpan<byte> head)
    {
        var at = 2;
        while (at + 9 < head.Length)
        {
            if (head[at] != 0xFF)
                return default;
            var marker = head[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            // A frame begins (SOF0 to SOF15); C4, C8 and CC are something else.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(head[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(head[(at + 5)..]));
            at += marker is 0x01 or (>= 0xD0 and <= 0xD8) ? 2 : 2 + BinaryPrimitives.ReadUInt16BigEndian(head[(at + 2)..]);
        }

        return default;
    }

    static (long, long) OfWebP(ReadOnlySpan<byte> head)
    {
        if (head.Length < 30)
            return default;
        var kind = head[12..16];
        if (kind.SequenceEqual("VP8X"u8))
            return (1 + Little24(head[24..]), 1 + Little24(head[27..]));
        if (kind.SequenceEqual("VP8L"u8))
            return (1 + (BinaryPrimitives.ReadUInt32LittleEndian(head[21..]) & 0x3FFF), 1 + ((BinaryPrimitives.ReadUInt32LittleEndian(head[21..]) >> 14) & 0x3FFF));
        return kind.SequenceEqual("VP8 "u8) ? (Little16(head[26..]) & 0x3FFF, Little16(head[28..]) & 0x3FFF) : default;
    }

    /// <summary>The largest of its image spatial extents: a picture may come in tiles.</summary>
    static (long, long) OfAvif(ReadOnlySpan<byte> head)
    {
        (long Width, long Height) largest = default;
        for (var at = head.IndexOf("ispe"u8); at >= 0 && head.Length >= at + 16;)
        {
            var (width, height) = (Big(head[(at + 8)..]), Big(head[(at + 12)..]));
            if (width * height > largest.Width * largest.Height)
                largest = (width, height);
            var next = head[(at + 4)..].IndexOf("ispe"u8);
            at = next < 0 ? -1 : at + 4 + next;
        }

        return largest;
    }

    static long Big(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt32BigEndian(at);

    static long Little16(ReadOnlySpan<byte> at) => BinaryPrimitives.ReadUInt16LittleEndian(at);

    static long Little24(ReadOnlySpan<byte> at) => at[0] | ((long)at[1] << 8) | ((long)at[2] << 16);
}
