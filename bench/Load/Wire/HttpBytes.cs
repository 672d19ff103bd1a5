using System.Globalization;
using System.Text;

namespace JeanTrail.Bench.Wire;

/// <summary>As much of HTTP/1.1 as a load generator needs.</summary>
internal static class HttpBytes
{
    /// <summary>The length of the first message when all of it is there; -1 when not.</summary>
    internal static int RequestLength(ReadOnlySpan<byte> bytes)
    {
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return -1;
        var total = head + 4 + ContentLength(bytes[..head]);
        return total <= bytes.Length ? total : -1;
    }

    internal static int ContentLength(ReadOnlySpan<byte> head)
    {
        var text = Encoding.ASCII.GetString(head);
        var at = text.IndexOf("content-length:", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return 0;
        var end = text.IndexOf('\r', at);
        return int.Parse(text.AsSpan(at + "content-length:".Length, (end < 0 ? text.Length : end) - at - "content-length:".Length), CultureInfo.InvariantCulture);
    }

    internal static byte[] Post(int port, string path, string? key, string body)
        => Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n{(key is null ? "" : $"Authorization: Bearer {key}\r\n")}{Extra}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Headers the peer needs to know its upstream; others pass over them.</summary>
    internal static string Extra { get; set; } = "";
}
