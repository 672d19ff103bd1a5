using System.Text;
using JeanTrail.Contracts.Agents;

namespace JeanTrail.Agents.Tests;

/// <summary>
/// The tables in <c>Phrases/</c>: per language what must be recognised, and what must not. <c>!note</c>, <c>!reminder</c>,
/// <c>!earlier</c> (said by the person) and <c>!mine</c> (said by Jean) set the scene for every line.
/// </summary>
internal sealed class PhraseTable
{
    public static readonly string[] Languages = ["en", "ar", "vi", "ru"];
    static readonly Dictionary<string, PhraseTable> Tables = Languages.ToDictionary(language => language, language => new PhraseTable(language), StringComparer.Ordinal);

    PhraseTable(string language)
    {
        foreach (var line in Lines($"{language}.txt"))
        {
            if (line[0] == '!')
            {
                var parts = line[1..].Split(' ', 2);
                Scene.Add((parts[0], parts[1]));
                continue;
            }

            var first = line.IndexOf(" | ", StringComparison.Ordinal);
            var last = line.LastIndexOf(" | ", StringComparison.Ordinal);
            Said.Add((line[..first], line[(first + 3)..last], line[(last + 3)..]));
        }

        None.AddRange(Lines($"{language}.none.txt"));
    }

    public static PhraseTable In(string language) => Tables[language];

    public List<(string Kind, string Text)> Scene { get; } = [];

    public List<(string Skill, string Phrase, string Answer)> Said { get; } = [];

    public List<string> None { get; } = [];

    public SkillContext[] Earlier => [.. Scene.Where(item => item.Kind is "earlier" or "mine").Select(item => new SkillContext(item.Kind == "earlier", item.Text))];

    static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(PhraseTable).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("# ", StringComparison.Ordinal))];
    }
}
