using System.Text.Json;

namespace JeanTrail.Gateway.Dialects;

/// <summary>What form the answer must have. Source: OpenAI API reference, <c>response_format</c>.</summary>
/// <param name="IsJson">It must be a JSON object.</param>
/// <param name="Schema">And follow this schema; undefined where any will do.</param>
internal readonly record struct ResponseFormat(bool IsJson, JsonElement Schema)
{
    internal bool HasSchema => Schema.IsObject();

    internal static ResponseFormat Of(JsonElement request)
    {
        var format = request.Member("response_format"u8);
        return format.Text("type"u8) switch
        {
            "json_schema" => new ResponseFormat(true, format.Member("json_schema"u8).Member("schema"u8)),
            "json_object" => new ResponseFormat(true, default),
            null when format.ValueKind is JsonValueKind.Undefined => default,
            "text" => default,
            _ => throw RequestTranslation.Invalid("response_format must be text, json_object or json_schema.", "response_format"),
        };
    }
}
