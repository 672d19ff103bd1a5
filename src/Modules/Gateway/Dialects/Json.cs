using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace JeanTrail.Gateway.Dialects;

/// <summary>Reading of JSON that strangers wrote: what is missing, null or of another kind is simply not there. Writing copies values as they came.</summary>
internal static class Json
{
    // Text goes out as UTF-8, not as escapes: Arabic and Russian stay a third of the size.
    internal static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // As deep as the gateway's own look at a request goes.
    internal static readonly JsonDocumentOptions Reading = new() { MaxDepth = 128 };

    /// <summary>For small texts that need not be JSON at all.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Reading.MaxDepth });
            return IsUnicode(text) && JsonDocument.TryParseValue(ref reader, out document);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A member of an object; undefined when there is none.</summary>
    internal static JsonElement Member(this JsonElement element, ReadOnlySpan<byte> name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    internal static bool IsObject(this JsonElement element) => element.ValueKind == JsonValueKind.Object;

    internal static bool IsText(this JsonElement element) => element.ValueKind == JsonValueKind.String;

    internal static bool IsTrue(this JsonElement element) => element.ValueKind == JsonValueKind.True;

    internal static string? Text(this JsonElement element) => element.IsText() ? element.GetString() : null;

    internal static string? Text(this JsonElement element, ReadOnlySpan<byte> name) => element.Member(name).Text();

    internal static double? Number(this JsonElement element, ReadOnlySpan<byte> name)
        => element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A whole number, for counts; fractions are cut off.</summary>
    internal static long? Whole(this JsonElement element, ReadOnlySpan<byte> name)
        => element.Number(name) is { } number ? (long)Math.Clamp(number, -9e15, 9e15) : null;

    /// <summary>The elements of an array; none of anything else.</summary>
    internal static JsonElement.ArrayEnumerator Items(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : default;

    internal static JsonElement.ArrayEnumerator Items(this JsonElement element, ReadOnlySpan<byte> name) => element.Member(name).Items();

    internal static bool HasItems(this JsonElement element) => element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0;

    /// <summary>Whether a string is there and has more than blanks in it. Looks at the first letters only.</summary>
    internal static bool IsWritten(this JsonElement text)
    {
        if (!text.IsText())
            return false;
        var inside = JsonMarshal.GetRawUtf8Value(text)[1..^1];
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] == '\\' && i + 1 < inside.Length && inside[i + 1] is (byte)'n' or (byte)'r' or (byte)'t')
                i++;
            else if (inside[i] != ' ')
                return true;
        }

        return false;
    }

    /// <summary>Writes a value as it came, escapes and all: nothing is unpacked that need not be looked into.</summary>
    internal static void WriteRaw(this Utf8JsonWriter json, JsonElement value) => json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    internal static void WriteRaw(this Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement value)
    {
        json.WritePropertyName(name);
        json.WriteRaw(value);
    }

    /// <summary>The same, if the value is there.</summary>
    internal static void WriteIfThere(this Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Undefined)
            json.WriteRaw(name, value);
    }

    /// <summary>Whether all text in it is Unicode: JSON lets escapes of half a character pass, and readers see them only when they unpack a string.</summary>
    internal static bool IsUnicode(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Reading.MaxDepth });
        try
        {
            while (json.Read())
            {
                if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    json.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
