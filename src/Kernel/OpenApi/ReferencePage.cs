using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace JeanTrail.Kernel.OpenApi;

/// <summary>The reference for people: one page without scripts, made from the document.</summary>
internal static class ReferencePage
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Style { get; } = Encoding.UTF8.GetBytes(ReferenceStyle.Css);

    internal static byte[] Render(JsonObject document)
    {
        var html = new StringBuilder(64 * 1024);
        var operations = Read(document);
        html.Append("""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>JeanTrail API</title>
            <link rel="stylesheet" href="/docs/reference.css">
            </head>
            <body>
            <a class="skip" href="#main">Skip to the operations</a>
            <nav aria-label="Operations">

            """);
        foreach (var group in operations)
        {
            html.Append("<h2>").Append(Text(group.Key)).Append("</h2>\n<ul>\n");
            foreach (var operation in group)
                html.Append("<li><a href=\"#").Append(Text(operation.Anchor)).Append("\"><span class=\"m ").Append(operation.Method).Append("\">")
                    .Append(operation.Method).Append("</span> ").Append(Text(operation.Summary ?? operation.Path)).Append("</a></li>\n");
            html.Append("</ul>\n");
        }

        html.Append("<h2><a href=\"#schemas\">Schemas</a></h2>\n</nav>\n<main id=\"main\">\n<header><h1>")
            .Append(Text(String(document["info"]?["title"]))).Append(" API <small>").Append(Text(String(document["info"]?["version"]))).Append("</small></h1>\n<p>")
            .Append(Text(String(document["info"]?["description"])))
            .Append("</p>\n<p><a href=\"/openapi/v1.json\">The OpenAPI document</a></p></header>\n");
        foreach (var group in operations)
        {
            html.Append("<section><h2 id=\"").Append(Anchor(group.Key)).Append("\">").Append(Text(group.Key)).Append("</h2>\n");
            foreach (var operation in group)
                Write(html, operation);
            html.Append("</section>\n");
        }

        WriteSchemas(html, document);
        return Encoding.UTF8.GetBytes(html.Append("</main>\n</body>\n</html>\n").ToString());
    }

    sealed record Operation(string Path, string Method, string Anchor, string? Summary, string Tag, JsonObject Body);

    static IGrouping<string, Operation>[] Read(JsonObject document)
        => [.. (document["paths"] as JsonObject ?? [])
            .SelectMany(path => ((JsonObject)path.Value!).Where(entry => entry.Value is JsonObject && entry.Key != "parameters").Select(entry => new Operation(
                path.Key, entry.Key, Anchor(String(entry.Value!["operationId"]) is { Length: > 0 } id ? id : entry.Key + path.Key),
                String(entry.Value["summary"]) is { Length: > 0 } summary ? summary : null,
                (entry.Value["tags"] as JsonArray)?.Select(String).FirstOrDefault() ?? "Other", (JsonObject)entry.Value)))
            .GroupBy(operation => operation.Tag, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)];

    static void Write(StringBuilder html, Operation operation)
    {
        html.Append("<article id=\"").Append(Text(operation.Anchor)).Append("\">\n<h3><span class=\"m ").Append(operation.Method).Append("\">")
            .Append(operation.Method).Append("</span> <code>").Append(Text(operation.Path)).Append("</code> <a class=\"here\" href=\"#").Append(Text(operation.Anchor))
            .Append("\" aria-label=\"Link to this operation\">#</a></h3>\n");
        if (operation.Summary is { } summary)
            html.Append("<p>").Append(Text(summary)).Append("</p>\n");
        if (String(operation.Body["description"]) is { Length: > 0 } description)
            html.Append("<p>").Append(Text(description)).Append("</p>\n");
        if (operation.Body["parameters"] is JsonArray { Count: > 0 } parameters)
        {
            html.Append("<h4>Parameters</h4>\n<table><thead><tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead><tbody>\n");
            foreach (var parameter in parameters.OfType<JsonObject>())
            {
                html.Append("<tr><td><code>").Append(Text(String(parameter["name"]))).Append("</code>")
                    .Append(IsTrue(parameter["required"]) ? " <span class=\"req\">required</span>" : "").Append("</td><td>")
                    .Append(Text(String(parameter["in"]))).Append("</td><td>").Append(TypeOf(parameter["schema"])).Append("</td><td>")
                    .Append(Text(String(parameter["description"]))).Append("</td></tr>\n");
            }

            html.Append("</tbody></table>\n");
        }

        if (operation.Body["requestBody"]?["content"] is JsonObject body)
        {
            html.Append("<h4>Request</h4>\n");
            WriteContent(html, body);
        }

        html.Append("<h4>Responses</h4>\n<dl>\n");
        foreach (var (status, response) in operation.Body["responses"] as JsonObject ?? [])
        {
            html.Append("<dt><code>").Append(Text(status)).Append("</code></dt><dd>").Append(Text(String(response?["description"])));
            if (response?["content"] is JsonObject content)
                WriteContent(html, content);
            html.Append("</dd>\n");
        }

        html.Append("</dl>\n</article>\n");
    }

    static void WriteContent(StringBuilder html, JsonObject content)
    {
        foreach (var (type, media) in content)
        {
            html.Append("<p class=\"type\"><code>").Append(Text(type)).Append("</code> ").Append(TypeOf(media?["schema"])).Append("</p>\n");
            if (media?["example"] is { } example)
                html.Append("<pre tabindex=\"0\"><code>").Append(Text(example.ToJsonString(Indented))).Append("</code></pre>\n");
        }
    }

    static void WriteSchemas(StringBuilder html, JsonObject document)
    {
        html.Append("<section><h2 id=\"schemas\">Schemas</h2>\n");
        foreach (var (name, schema) in document["components"]?["schemas"] as JsonObject ?? [])
        {
            html.Append("<article id=\"schema-").Append(Anchor(name)).Append("\"><h3><code>").Append(Text(name)).Append("</code></h3>\n");
            if (String(schema?["description"]) is { Length: > 0 } description)
                html.Append("<p>").Append(Text(description)).Append("</p>\n");
            if (schema?["properties"] is JsonObject properties)
            {
                var required = (schema["required"] as JsonArray ?? []).Select(String).ToHashSet(StringComparer.Ordinal);
                html.Append("<table><thead><tr><th>Member</th><th>Type</th><th>Meaning</th></tr></thead><tbody>\n");
                foreach (var (member, shape) in properties)
                {
                    html.Append("<tr><td><code>").Append(Text(member)).Append("</code>").Append(required.Contains(member) ? "" : " <span class=\"opt\">optional</span>")
                        .Append("</td><td>").Append(TypeOf(shape)).Append("</td><td>").Append(Text(String(shape?["description"]))).Append("</td></tr>\n");
                }

                html.Append("</tbody></table>\n");
            }
            else
            {
                html.Append("<p>").Append(TypeOf(schema)).Append("</p>\n");
            }

            html.Append("</article>\n");
        }

        html.Append("</section>\n");
    }

    /// <summary>A schema in a few words, with links to what it refers to.</summary>
    static string TypeOf(JsonNode? schema)
    {
        if (schema is not JsonObject shape)
            return "any";
        if (String(shape["$ref"]) is { Length: > 0 } reference)
            return $"<a href=\"#schema-{Anchor(Tail(reference))}\">{Text(Tail(reference))}</a>";
        foreach (var word in (string[])["oneOf", "anyOf", "allOf"])
        {
            if (shape[word] is JsonArray { Count: > 0 } choices)
                return string.Join(" | ", choices.Select(TypeOf));
        }

        if (shape["enum"] is JsonArray values)
            return string.Join(" | ", values.Select(value => $"<code>{Text(value?.ToJsonString() ?? "null")}</code>"));
        var types = shape["type"] switch { JsonArray many => [.. many.Select(String)], { } single => [String(single)], _ => (string[])["any"] };
        var names = types.Select(type => type switch
        {
            "array" => TypeOf(shape["items"]) + "[]",
            "object" when shape["properties"] is JsonObject members
                => "{ " + string.Join(", ", members.Select(member => $"{Text(member.Key)}: {TypeOf(member.Value)}")) + " }",
            "object" when shape["additionalProperties"] is JsonObject value => $"map of {TypeOf(value)}",
            _ => Text(String(shape["format"]) is { Length: > 0 } format && type != "null" ? $"{type} ({format})" : type),
        });
        return string.Join(" | ", names) + Limits(shape);
    }

    static string Limits(JsonObject shape)
    {
        var limits = new List<string>();
        foreach (var (keyword, sign) in (ReadOnlySpan<(string, string)>)[("minimum", "≥"), ("maximum", "≤"), ("minLength", "length ≥"), ("maxLength", "length ≤")])
        {
            if (shape[keyword] is { } limit)
                limits.Add($"{sign} {limit.ToJsonString()}");
        }

        return limits.Count == 0 ? "" : $" <span class=\"lim\">{Text(string.Join(", ", limits))}</span>";
    }

    static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    static string String(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    static string Tail(string reference) => reference[(reference.LastIndexOf('/') + 1)..];

    static string Anchor(string text) => new([.. text.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
