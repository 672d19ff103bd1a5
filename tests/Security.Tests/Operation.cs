using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace JeanTrail.Security.Tests;

/// <summary>One operation of the API document.</summary>
internal sealed partial record Operation(HttpMethod Method, string Path, bool IsOpen, string? ContentType, JsonNode? Example, IReadOnlyList<string> RequiredQuery)
{
    internal bool IsUnsafe => Method != HttpMethod.Get;

    internal bool HasIds => Path.Contains('{', StringComparison.Ordinal);

    internal static IReadOnlyList<Operation> ReadAll(JsonObject document) =>
    [
        .. from path in document["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           let content = operation.Value!["requestBody"]?["content"]?.AsObject().FirstOrDefault()
           select new Operation(
               new HttpMethod(operation.Key.ToUpperInvariant()), path.Key, operation.Value!["security"] is null, content?.Key, content?.Value?["example"],
               [.. (operation.Value["parameters"] as JsonArray ?? []).Where(one => one!["in"]!.GetValue<string>() == "query" && one["required"]?.GetValue<bool>() == true).Select(one => one!["name"]!.GetValue<string>())]),
    ];

    /// <param name="idOf">The value of a parameter of the path, by the path up to it.</param>
    /// <param name="query">What is added to the query.</param>
    /// <param name="change">Changes the JSON that is sent.</param>
    internal HttpRequestMessage Ask(Func<string, Guid> idOf, string query = "", Action<JsonObject>? change = null)
    {
        var path = Parameter().Replace(Path, match => idOf(Path[..match.Index]).ToString());
        var wanted = string.Join('&', RequiredQuery.Select(name => $"{name}=x").Append(query).Where(part => part.Length > 0));
        var request = new HttpRequestMessage(Method, wanted.Length > 0 ? $"{path}?{wanted}" : path);
        if (ContentType is null)
            return request;
        var body = Example?.DeepClone();
        if (body is JsonObject item)
            change?.Invoke(item);
        request.Content = new StringContent(body is null ? "" : ContentType == "application/json" ? body.ToJsonString() : body.GetValue<string>(), Encoding.UTF8, ContentType);
        return request;
    }

    public override string ToString() => $"{Method} {Path}";

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}
