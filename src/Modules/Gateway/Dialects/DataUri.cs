using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Gateway.Dialects;

/// <summary>
/// A picture or file inside a request. Its data, which may be megabytes, stays where it is in the request's bytes. Source: RFC 2397.
/// </summary>
/// <param name="data">Base64.</param>
internal readonly ref struct DataUri(string mediaType, ReadOnlySpan<byte> data)
{
    const int LongestHead = 256;

    /// <summary>In small letters and without parameters.</summary>
    internal string MediaType { get; } = mediaType;

    internal ReadOnlySpan<byte> Data { get; } = data;

    internal static bool TryRead(JsonElement value, out DataUri uri)
    {
        uri = default;
        if (!value.IsText())
            return false;
        var text = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        if (text.Contains((byte)'\\'))
            text = Encoding.UTF8.GetBytes(value.GetString()!);
        var comma = text[..Math.Min(text.Length, LongestHead)].IndexOf((byte)',');
        if (comma < 0 || !text.StartsWith("data:"u8))
            return false;
        var head = Encoding.ASCII.GetString(text["data:".Length..comma]).ToLowerInvariant().Split(';');
        var type = head[0].Trim();
        var data = text[(comma + 1)..];
        uri = new DataUri(
            type.Length == 0 ? "text/plain" : type,
            head[^1].Trim() == "base64" ? data : Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Encoding.UTF8.GetString(data))))));
        return true;
    }
}
