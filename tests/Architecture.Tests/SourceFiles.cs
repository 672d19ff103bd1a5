namespace JeanTrail.Architecture.Tests;

/// <summary>Files that a person can read in one go.</summary>
internal static class SourceFiles
{
    internal const int MostLines = 400;

    internal static IEnumerable<string> TooLong(IEnumerable<(string Path, string Text)> files)
        => files.Select(file => (file.Path, Lines: file.Text.AsSpan().Count('\n') + (file.Text.EndsWith('\n') ? 0 : 1)))
            .Where(file => file.Lines > MostLines)
            .Select(file => $"{file.Path} has {file.Lines} lines.");
}

public sealed class SourceFilesTests
{
    [Fact]
    public void No_source_file_is_too_long()
        => SourceFiles.TooLong(Repository.Files("*.cs", "src", "workers").Select(path => (path, Repository.Read(path)))).ShouldBeEmpty();

    [Fact]
    public void A_file_that_is_too_long_is_found()
    {
        SourceFiles.TooLong([("Long.cs", string.Concat(Enumerable.Repeat("line\n", SourceFiles.MostLines + 1)))]).ShouldBe(["Long.cs has 401 lines."]);
        SourceFiles.TooLong([("Right.cs", string.Concat(Enumerable.Repeat("line\n", SourceFiles.MostLines)))]).ShouldBeEmpty();
    }
}
