using System.Text.Json.Nodes;

namespace JeanTrail.Kernel.OpenApi;

/// <summary>
/// Brings the document into one order whatever order the endpoints were mapped in, so that generated clients change only where the API
/// does, and marks as required what is always there.
/// </summary>
internal static class DocumentOrder
{
    static readonly string[] Methods = ["get", "post", "put", "patch", "delete", "head", "options", "trace", "parameters"];

    internal static JsonObject Arrange(JsonObject document)
    {
        if (document["paths"] is JsonObject paths)
        {
            foreach (var (_, path) in paths)
                Sort((JsonObject)path!, key => (Array.IndexOf(Methods, key), key));
            Sort(paths, key => (0, key));
        }

        if (document["components"] is JsonObject components)
        {
            foreach (var (_, kind) in components)
                Sort((JsonObject)kind!, key => (0, key));
            if (components["schemas"] is JsonObject schemas)
                RequireWhatIsAlwaysThere(schemas, ReachableFromRequests(document, schemas));
        }

        if (document["tags"] is JsonArray tags)
        {
            var sorted = tags.OrderBy(tag => tag?["name"]?.GetValue<string>(), StringComparer.Ordinal).Select(tag => tag?.DeepClone()).ToArray();
            document["tags"] = new JsonArray(sorted);
        }

        return document;
    }

    /// <summary>
    /// A response always holds all its members, null or not: a client need not ask whether one is there. A request's members are
    /// required as the reader of requests requires them.
    /// </summary>
    static void RequireWhatIsAlwaysThere(JsonObject schemas, HashSet<string> sent)
    {
        foreach (var (name, schema) in schemas)
        {
            if (sent.Contains(name) || name == "Problem" || schema?["properties"] is not JsonObject properties || properties.Count == 0)
                continue;
            schema["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]);
        }
    }

    /// <summary>The schemas that only requests use; one that is also answered with is read back as it was written, whole.</summary>
    static HashSet<string> ReachableFromRequests(JsonObject document, JsonObject schemas)
    {
        var requests = new HashSet<string>(StringComparer.Ordinal);
        var responses = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in Operations(document))
        {
            Collect(operation["requestBody"], schemas, requests);
            Collect(operation["responses"], schemas, responses);
        }

        requests.ExceptWith(responses);
        return requests;
    }

    internal static IEnumerable<JsonObject> Operations(JsonObject document)
        => (document["paths"] as JsonObject ?? []).SelectMany(path => (JsonObject)path.Value!).Select(operation => operation.Value).OfType<JsonObject>();

    static void Collect(JsonNode? node, JsonObject schemas, HashSet<string> found)
    {
        const string Prefix = "#/components/schemas/";
        switch (node)
        {
            case JsonObject item:
                if (item["$ref"] is JsonValue reference && reference.GetValue<string>() is { } target && target.StartsWith(Prefix, StringComparison.Ordinal)
                    && found.Add(target[Prefix.Length..]))
                    Collect(schemas[target[Prefix.Length..]], schemas, found);
                foreach (var (_, member) in item)
                    Collect(member, schemas, found);
                break;
            case JsonArray items:
                foreach (var member in items)
                    Collect(member, schemas, found);
                break;
        }
    }

    static void Sort(JsonObject target, Func<string, (int, string)> place)
    {
        var members = target.OrderBy(member => place(member.Key).Item1).ThenBy(member => place(member.Key).Item2, StringComparer.Ordinal).ToArray();
        target.Clear();
        foreach (var (key, value) in members)
            target.Add(key, value);
    }
}
