using System.Text.Json;

namespace JeanTrail.Testing.Simulators;

/// <summary>Small questions about JSON that checks of requests ask.</summary>
internal static class Check
{
    internal static JsonElement Get(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    internal static bool Has(this JsonElement element, string name) => element.Get(name).ValueKind != JsonValueKind.Undefined;

    internal static string? Str(this JsonElement element, string name) => element.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    internal static double? Num(this JsonElement element, string name) => element.Get(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    internal static IEnumerable<JsonElement> Items(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    internal static IEnumerable<string> Names(this JsonElement element) => element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().Select(member => member.Name) : [];

    internal static bool IsObject(this JsonElement element) => element.ValueKind == JsonValueKind.Object;

    internal static bool IsBase64(string? text) => text is { Length: > 0 } && Convert.TryFromBase64String(text, new byte[text.Length], out _);

    /// <summary>Google's JSON takes both alphabets of Base64, padded or not.</summary>
    internal static bool IsAnyBase64(string? text)
    {
        var plain = text?.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        return plain is { Length: > 0 } && IsBase64(plain.PadRight((plain.Length + 3) / 4 * 4, '='));
    }
}
