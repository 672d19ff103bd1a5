namespace JeanTrail.Agents.Recognition;

/// <summary>A rough stem, enough to see that two words are forms of one: молоко and молока, notes and note, الحليب and حليب.</summary>
internal static class Stems
{
    public static ReadOnlySpan<char> Of(string word)
    {
        var stem = word.AsSpan();
        if (stem.StartsWith("ال", StringComparison.Ordinal) && stem.Length > 4)
            stem = stem[2..];
        return stem.Length switch { > 6 => stem[..^2], > 4 when stem[0] >= '\u0400' => stem[..^1], > 4 when stem[^1] == 's' => stem[..^1], _ => stem };
    }
}
