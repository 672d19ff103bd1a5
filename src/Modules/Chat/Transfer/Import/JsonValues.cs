using System.Text.Json;
using System.Text.RegularExpressions;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>Reads what may or may not be there from JSON of strangers: a wrong type is the same as nothing.</summary>
internal static partial class JsonValues
{
    public static JsonElement? Find(this JsonElement element, string name, JsonValueKind kind)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    public static JsonElement? Object(this JsonElement element, string name) => element.Find(name, JsonValueKind.Object);

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name)
        => element.Find(name, JsonValueKind.Array) is { } array ? array.EnumerateArray() : Enumerable.Empty<JsonElement>();

    /// <summary>Text that can be stored: without nul characters, halves of pairs replaced.</summary>
    public static string? Text(this JsonElement element, string name) => element.Find(name, JsonValueKind.String) is { } value ? Text(value) : null;

    public static string? Text(this JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, which some exports have where a text was cut.
            var mended = Escapes().Replace(value.GetRawText(), match => match.Groups["half"].Success ? "\\ufffd" : match.Value);
            using var document = JsonDocument.Parse(mended);
            text = document.RootElement.GetString()!;
        }

        return text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;
    }

    /// <summary>An id, which some write as a number.</summary>
    public static string? Id(this JsonElement element, string name)
        => element.Text(name) is { Length: > 0 } text ? text : element.Find(name, JsonValueKind.Number)?.GetRawText();

    public static int? Number(this JsonElement element, string name)
        => element.Find(name, JsonValueKind.Number) is { } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Seconds since 1970, milliseconds where the number is too large for that, or ISO 8601.</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name)
    {
        if (element.Find(name, JsonValueKind.Number) is { } number && number.TryGetDouble(out var seconds) && double.IsFinite(seconds) && seconds > 0)
        {
            if (seconds > 1e11)
                seconds /= 1000;
            return seconds < 4e9 ? DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds((long)(seconds * 1e6)) : null;
        }

        return element.Find(name, JsonValueKind.String) is { } text && text.TryGetDateTimeOffset(out var time) && time.Year is >= 1970 and < 2100 ? time.ToUniversalTime() : null;
    }

    /// <summary>JSON for a jsonb column: without nul characters and halves of pairs, which PostgreSQL refuses.</summary>
    public static string? Raw(this JsonElement element, string name, JsonValueKind kind)
        => element.Find(name, kind) is { } value ? Nul().Replace(Escapes().Replace(value.GetRawText(), match => match.Groups["half"].Success ? "\\ufffd" : match.Value),
            match => match.Groups["nul"].Success ? "" : match.Value) : null;

    [GeneratedRegex(@"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 10_000)]
    private static partial Regex Escapes();

    [GeneratedRegex(@"(?<nul>\\u0000)|\\.", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 10_000)]
    private static partial Regex Nul();
}
