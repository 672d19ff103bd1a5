namespace JeanTrail.Testing;

/// <summary>Known attacks on pages that show what others wrote: <c>tests/hostile-markup.txt</c>, one a line. Each of them calls <c>pwn()</c>, loads from <c>evil.example</c> or covers the page.</summary>
public static class HostileMarkup
{
    /// <summary>All of them, read once.</summary>
    public static IReadOnlyList<string> Attacks { get; } = Read();

    static string[] Read()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "tests", "hostile-markup.txt");
            if (File.Exists(file))
                return File.ReadAllLines(file);
        }

        throw new FileNotFoundException("tests/hostile-markup.txt is not above the tests.");
    }
}
