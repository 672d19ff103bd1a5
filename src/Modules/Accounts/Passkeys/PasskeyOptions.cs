using System.Text.Json;

namespace JeanTrail.Accounts.Passkeys;

/// <summary>What a browser needs for <c>navigator.credentials</c>: the parts of its options that differ from case to case.</summary>
/// <remarks>Source: W3C Web Authentication Level 3, §5.4 and §5.5.</remarks>
internal static class PasskeyOptions
{
    /// <param name="Ceremony">Send it back with the answer, from the same browser, within ten minutes.</param>
    public sealed record Response(string Ceremony, Options Options);

    /// <param name="Challenge">Base64url, as all bytes here.</param>
    /// <param name="RelyingParty">The host that passkeys belong to.</param>
    /// <param name="Credentials">When adding: those that are there already. When using: those that will do, or none where the person chooses.</param>
    /// <param name="User">When adding: whose it will be.</param>
    /// <param name="Algorithms">When adding: COSE identifiers, the best first.</param>
    public sealed record Options(string Challenge, string RelyingParty, long TimeoutMs, IReadOnlyList<Credential> Credentials, Person? User, IReadOnlyList<int> Algorithms);

    public sealed record Credential(string Id, IReadOnlyList<string> Transports);

    public sealed record Person(string Id, string Name, string DisplayName);

    internal static readonly Response ExampleForUse = new(
        "b1GkZ0o7y2cU5mXw8eLr3tNq6iSfVh9jPdA4KzYxQvE",
        new Options("n4Tq8VbX0cLw2eRy6uIo1pAs5dFg9hJk3lZxCvBnM7Q", "jean.example.org", TimeoutMs: 600_000, [], User: null, []));

    internal static readonly Response ExampleForCreation = ExampleForUse with
    {
        Options = ExampleForUse.Options with
        {
            User = new Person("MDE5Y2FkOWMtOTE0MC03YTMxLThmMDQtNWMyZTliN2Q2YTEw", "olga@example.org", "Olga"),
            Algorithms = [-7, -37, -35, -38, -39, -257, -36, -258, -259],
        },
    };

    internal static Options ForCreation(string json)
    {
        using var document = JsonDocument.Parse(json);
        var options = document.RootElement;
        var user = options.GetProperty("user");
        return new Options(
            Text(options, "challenge"), Text(options.GetProperty("rp"), "id"), options.GetProperty("timeout").GetInt64(), Credentials(options, "excludeCredentials"),
            new Person(Text(user, "id"), Text(user, "name"), Text(user, "displayName")),
            [.. options.GetProperty("pubKeyCredParams").EnumerateArray().Select(one => one.GetProperty("alg").GetInt32())]);
    }

    internal static Options ForUse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var options = document.RootElement;
        return new Options(Text(options, "challenge"), Text(options, "rpId"), options.GetProperty("timeout").GetInt64(), Credentials(options, "allowCredentials"), User: null, []);
    }

    static IReadOnlyList<Credential> Credentials(JsonElement options, string name)
        => options.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(one => new Credential(Text(one, "id"), Transports(one)))]
            : [];

    static IReadOnlyList<string> Transports(JsonElement credential)
        => credential.TryGetProperty("transports", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(one => one.GetString()!)] : [];

    static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;
}
