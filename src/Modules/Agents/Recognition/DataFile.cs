using System.Text;

namespace JeanTrail.Agents.Recognition;

/// <summary>The module's embedded tables.</summary>
internal static class DataFile
{
    public static IEnumerable<string> Names(string ending)
        => typeof(DataFile).Assembly.GetManifestResourceNames()
            .Select(name => name.Replace('\\', '/'))
            .Where(name => name.EndsWith(ending, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>The lines of a file, trimmed, without empty ones and those that begin with <c># </c>.</summary>
    public static IReadOnlyList<string> Lines(string name)
    {
        var assembly = typeof(DataFile).Assembly;
        var resource = assembly.GetManifestResourceNames().First(candidate => candidate.Replace('\\', '/') == name);
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !(line.StartsWith("# ", StringComparison.Ordinal) || line == "#"))];
    }

    /// <summary>A file with one line of words or word groups per language: <c>en = to, about</c>.</summary>
    public static Dictionary<Tongue, Lexicon<bool>> Words(string name) => Pairs(name).ToDictionary(pair => Tongues.From(pair.Key), pair =>
    {
        var lexicon = new Lexicon<bool>();
        foreach (var value in pair.Values)
            lexicon.Add(value, true);
        return lexicon;
    });

    /// <summary>The lines of a file in the form <c>key = value, value</c>.</summary>
    public static IEnumerable<(string Key, string[] Values)> Pairs(string name)
        => Lines(name).Select(line =>
        {
            var sign = line.IndexOf(" = ", StringComparison.Ordinal);
            return sign < 0
                ? throw new FormatException($"{name}: '{line}' has no ' = '.")
                : (line[..sign], line[(sign + 3)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        });
}
