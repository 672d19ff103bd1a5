using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JeanTrail.Architecture.Tests;

/// <summary>Every JSON body of the API document has an example that fits its schema, and every stream names its events.</summary>
internal static class ApiExamples
{
    internal static IEnumerable<string> Violations(JsonObject document)
    {
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                var name = $"{method.ToUpperInvariant()} {path}";
                foreach (var violation in OfContent(operation!["requestBody"]?["content"], $"{name}: the request", document))
                    yield return violation;
                foreach (var (status, response) in operation["responses"]!.AsObject().Where(response => response.Key is ['2', ..]))
                {
                    foreach (var violation in OfContent(response!["content"], $"{name}: the answer {status}", document))
                        yield return violation;
                }
            }
        }
    }

    static IEnumerable<string> OfContent(JsonNode? content, string place, JsonObject document)
    {
        foreach (var (type, media) in content as JsonObject ?? [])
        {
            // One is the error that every stream may end with.
            if (type == "text/event-stream" && media!["schema"]?["oneOf"] is not JsonArray { Count: > 1 })
                yield return $"{place} names no events.";
            if (type != "application/json")
                continue;
            if (media!["example"] is not { } example)
                yield return $"{place} has no example.";
            else if (Mismatch(media["schema"]!, example, "$", document) is { } mismatch)
                yield return $"{place} has an example that does not fit: {mismatch}.";
        }
    }

    /// <summary>Where and how a value departs from its schema, or null. Knows the keywords that our schemas use.</summary>
    static string? Mismatch(JsonNode schema, JsonNode? value, string at, JsonObject document)
    {
        if (schema["$ref"] is { } reference)
            return Mismatch(document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]!, value, at, document);
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
        {
            var mismatches = choices.Select(choice => Mismatch(choice!, value, at, document)).ToArray();
            return mismatches.Contains(null) ? null : mismatches[^1];
        }

        // A schema that says nothing takes anything.
        if (schema["type"] is null && schema["enum"] is null && schema["properties"] is null)
            return null;
        if (schema["type"] is { } type && !Types(type).Any(one => IsOf(one, value)))
            return $"{at} is not {string.Join(" or ", Types(type))}";
        if (schema["enum"] is JsonArray values && !values.Any(one => JsonNode.DeepEquals(one, value)))
            return $"{at} is not one of {values.ToJsonString()}";
        return value switch
        {
            JsonObject item => OfObject(schema, item, at, document),
            JsonArray items => items.Select((item, index) => Mismatch(schema["items"]!, item, $"{at}[{index}]", document)).FirstOrDefault(found => found is not null),
            JsonValue single when single.GetValueKind() == JsonValueKind.String => OfString(schema, single.GetValue<string>(), at),
            JsonValue single when single.GetValueKind() == JsonValueKind.Number => OfNumber(schema, Number(single), at),
            _ => null,
        };
    }

    static string? OfObject(JsonNode schema, JsonObject item, string at, JsonObject document)
    {
        var missing = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).FirstOrDefault(name => !item.ContainsKey(name));
        if (missing is not null)
            return $"{at}.{missing} is missing";
        foreach (var (name, member) in item)
        {
            if ((schema["properties"]?[name] ?? schema["additionalProperties"]) is not JsonObject known)
                return $"{at}.{name} is not described";
            if (Mismatch(known, member, $"{at}.{name}", document) is { } mismatch)
                return mismatch;
        }

        return null;
    }

    static string? OfString(JsonNode schema, string text, string at) => schema switch
    {
        _ when text.Length < (Limit(schema, "minLength") ?? 0) || text.Length > (Limit(schema, "maxLength") ?? double.MaxValue) => $"{at} is too short or too long",
        _ when schema["pattern"] is { } pattern && !Regex.IsMatch(text, pattern.GetValue<string>(), RegexOptions.None, TimeSpan.FromSeconds(1)) => $"{at} does not match {pattern}",
        _ when schema["format"]?.GetValue<string>() == "uuid" && !Guid.TryParse(text, out _) => $"{at} is no UUID",
        _ => null,
    };

    static string? OfNumber(JsonNode schema, double number, string at)
        => number < (Limit(schema, "minimum") ?? double.MinValue) || number > (Limit(schema, "maximum") ?? double.MaxValue) ? $"{at} is too small or too large" : null;

    static IEnumerable<string> Types(JsonNode type) => type is JsonArray many ? many.Select(one => one!.GetValue<string>()) : [type.GetValue<string>()];

    static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array)
            or ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => double.IsInteger(Number(value!)),
        _ => false,
    };

    static double? Limit(JsonNode schema, string keyword) => schema[keyword] is { } limit ? Number(limit) : null;

    static double Number(JsonNode value) => double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
}
