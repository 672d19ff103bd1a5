using System.Collections.Concurrent;
using System.Text.Json;

namespace JeanTrail.Chat.Templates;

/// <summary>The templates that come with the program, one file for each interface language.</summary>
internal static class Starters
{
    static readonly ConcurrentDictionary<string, Template[]> Read = new(StringComparer.Ordinal);

    internal static readonly string[] Languages = ["en", "ar", "vi", "ru"];

    /// <param name="language">One of <see cref="Languages"/>; English for any other.</param>
    public static IReadOnlyList<Template> In(string language) => Read.GetOrAdd(Languages.Contains(language, StringComparer.Ordinal) ? language : "en", Load);

    static Template[] Load(string language)
    {
        using var file = typeof(Starters).Assembly.GetManifestResourceStream($"Starters/{language}.json")
            ?? throw new InvalidOperationException($"The starters in {language} are not in the program.");
        return [.. JsonSerializer.Deserialize<Starter[]>(file, JsonSerializerOptions.Web)!
            .Select(one => new Template(one.Id, "built-in", one.Trade, one.Name, one.About, one.Body, one.Variables, Shared: true, CanEdit: false))];
    }

    sealed record Starter(string Id, string Trade, string Name, string About, string Body, IReadOnlyList<SaveTemplate.Variable> Variables);
}
