namespace JeanTrail.Agents.Recognition;

/// <summary>What one skill is called, how it is asked for and what it says, in one language.</summary>
internal sealed class SkillWords(string skillId)
{
    public string SkillId { get; } = skillId;

    public string Name { get; set; } = "";

    public string Summary { get; set; } = "";

    public List<string> Examples { get; } = [];

    public List<Phrase> Phrases { get; } = [];

    public Dictionary<string, string> Sayings { get; } = new(StringComparer.Ordinal);
}

/// <summary>
/// All <c>*.phrases</c> files of the module. A file belongs to one family and one language (<c>Time/ru.phrases</c>):
/// <code>
/// [skill-id]            begins a skill; [skill-id tag] a variant of it
/// name = Arithmetic     summary = …     example = What is 12 * 7?
/// say result = {0} = **{1}**
/// what is {x}           any other line is a phrase
/// </code>
/// The slots <c>{text} {list} {word} {quote}</c> hold text to be worked on; see <see cref="Skills.SkillCall.GivenText"/>.
/// </summary>
internal sealed class Phrasebook
{
    static readonly Lazy<Phrasebook> Instance = new(() => new Phrasebook());

    readonly Dictionary<(Tongue, string), SkillWords> skills = [];

    Phrasebook()
    {
        foreach (var name in DataFile.Names(".phrases"))
        {
            var language = name[(name.LastIndexOf('/') + 1)..^".phrases".Length];
            Load(Tongues.From(language), DataFile.Lines(name));
        }
    }

    public static Phrasebook Shared => Instance.Value;

    public SkillWords this[Tongue tongue, string skillId]
        => skills.TryGetValue((tongue, skillId), out var words) ? words : throw new KeyNotFoundException($"No words for {skillId} in {tongue}.");

    public IEnumerable<SkillWords> In(Tongue tongue) => skills.Where(pair => pair.Key.Item1 == tongue).Select(pair => pair.Value);

    void Load(Tongue tongue, IEnumerable<string> lines)
    {
        SkillWords? words = null;
        var tag = "";
        foreach (var line in lines)
        {
            if (line[0] == '[' && line[^1] == ']' && !line.AsSpan(1, line.Length - 2).ContainsAny("|[]{}"))
            {
                var heading = line[1..^1].Split(' ', 2);
                tag = heading.Length > 1 ? heading[1] : "";
                if (!skills.TryGetValue((tongue, heading[0]), out words))
                    skills.Add((tongue, heading[0]), words = new SkillWords(heading[0]));
            }
            else
            {
                ReadLine(words ?? throw new FormatException($"'{line}' stands before any heading."), tag, line);
            }
        }
    }

    static void ReadLine(SkillWords words, string tag, string line)
    {
        if (After(line, "name = ") is { } name)
            words.Name = name;
        else if (After(line, "summary = ") is { } summary)
            words.Summary = summary;
        else if (After(line, "example = ") is { } example)
            words.Examples.Add(example);
        else if (After(line, "say ") is { } saying && saying.IndexOf(" = ", StringComparison.Ordinal) is var sign and > 0 && !saying[..sign].Contains(' ', StringComparison.Ordinal))
            words.Sayings.Add(saying[..sign], saying[(sign + 3)..].Replace("\\n", "\n", StringComparison.Ordinal));
        else
            words.Phrases.Add(PhraseParser.Compile(line, tag));
    }

    static string? After(string line, string start) => line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..] : null;
}
