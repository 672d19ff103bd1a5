namespace JeanTrail.Agents.Text;

internal static class Fenced
{
    /// <summary>A code block whose fence is longer than any in the text, so that the text stays as it is.</summary>
    public static string Of(string text, string language = "")
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', Math.Max(3, longest + 1));
        return $"{fence}{language}\n{text}\n{fence}";
    }
}
