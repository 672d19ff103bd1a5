using System.Text.Json;

namespace JeanTrail.Gateway.Dialects.Anthropic;

/// <summary>
/// Whether a schema is of the part of JSON Schema that structured outputs take; others are answered with an error, so they go another way.
/// Source: Anthropic, Structured outputs, JSON Schema limitations.
/// </summary>
internal static class AnthropicSchema
{
    const int Deepest = 64;

    static readonly HashSet<string> Formats = new(StringComparer.Ordinal) { "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid" };

    internal static bool Suits(JsonElement schema) => schema.Text("type"u8) == "object" && Suits(schema, schema, 0);

    static bool Suits(JsonElement schema, JsonElement root, int depth)
    {
        // A schema that refers to itself ends here too.
        if (!schema.IsObject() || depth > Deepest)
            return false;
        if (schema.Text("type"u8) == "object" && schema.Member("additionalProperties"u8).ValueKind != JsonValueKind.False)
            return false;
        foreach (var member in schema.EnumerateObject())
        {
            if (!Suits(member.Name, member.Value, root, depth + 1))
                return false;
        }

        return true;
    }

    static bool Suits(string keyword, JsonElement value, JsonElement root, int depth) => keyword switch
    {
        "type" or "title" or "description" or "required" or "const" or "default" or "$schema" or "$id" => true,
        "enum" => value.Items().All(item => item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)),
        "additionalProperties" => value.ValueKind == JsonValueKind.False,
        "properties" or "$defs" or "definitions" => value.IsObject() && value.EnumerateObject().All(property => Suits(property.Value, root, depth)),
        "items" => Suits(value, root, depth),
        "anyOf" or "allOf" => value.HasItems() && value.Items().All(option => Suits(option, root, depth)),
        "$ref" => Target(value.Text(), root) is { ValueKind: JsonValueKind.Object } target && Suits(target, root, depth),
        "format" => value.Text() is { } format && Formats.Contains(format),
        "minItems" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var least) && least is 0 or 1,
        _ => false,
    };

    static JsonElement Target(string? reference, JsonElement root)
    {
        var parts = reference?.Split('/');
        return parts is ["#", "$defs" or "definitions", { Length: > 0 } name]
            ? root.Member(System.Text.Encoding.UTF8.GetBytes(parts[1])).Member(System.Text.Encoding.UTF8.GetBytes(name))
            : default;
    }
}
