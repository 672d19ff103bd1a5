using System.Text.RegularExpressions;

namespace JeanTrail.Architecture.Tests;

/// <summary>What is written nowhere in our code, with what to write instead.</summary>
internal static partial class BannedCode
{
    static readonly (Regex Pattern, string Instead)[] Everywhere =
    [
        (Clock(), "TimeProvider"),
        (RandomGuid(), "Ids.New"),
        (AsyncVoid(), "async Task"),
        (Blocking(), "await"),
        (Sleep(), "a timer or a signal"),
    ];

    /// <summary>Members that no compiled code of ours may name.</summary>
    static readonly Dictionary<string, string> Members = new(StringComparer.Ordinal)
    {
        ["System.DateTime.get_Now"] = "TimeProvider",
        ["System.DateTime.get_UtcNow"] = "TimeProvider",
        ["System.DateTime.get_Today"] = "TimeProvider",
        ["System.DateTimeOffset.get_Now"] = "TimeProvider",
        ["System.DateTimeOffset.get_UtcNow"] = "TimeProvider",
        ["System.Guid.NewGuid"] = "Ids.New",
        ["System.Threading.Thread.Sleep"] = "a timer or a signal",
        ["System.Threading.Tasks.Task.Wait"] = "await",
        ["System.Threading.Tasks.Task`1.get_Result"] = "await",
    };

    internal static IEnumerable<string> InSource(string path, string source)
    {
        // What src compiles to is known exactly; elsewhere a Result after a call or after something called a task has to do.
        var rules = path.StartsWith("src/", StringComparison.Ordinal) ? Everywhere : [.. Everywhere, (TaskResult(), "await")];
        var lines = CSharpText.CodeOnly(source).Split('\n');
        for (var number = 0; number < lines.Length; number++)
        {
            foreach (var (pattern, instead) in rules.Where(rule => rule.Pattern.IsMatch(lines[number])))
                yield return $"{path}:{number + 1}: {pattern.Match(lines[number]).Value.Trim()} (use {instead})";
        }
    }

    internal static IEnumerable<string> InAssembly(CompiledCode code)
        => code.Members.Where(Members.ContainsKey).Select(member => $"{code.Name} uses {member} (use {Members[member]})");

    const int PatienceMs = 2000;

    [GeneratedRegex(@"\bDateTime(Offset)?\s*\.\s*(Utc)?(Now|Today)\b", RegexOptions.ExplicitCapture, PatienceMs)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\bGuid\s*\.\s*NewGuid\b", RegexOptions.ExplicitCapture, PatienceMs)]
    private static partial Regex RandomGuid();

    [GeneratedRegex(@"\basync\s+void\b", RegexOptions.ExplicitCapture, PatienceMs)]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\.\s*(Wait\s*\(\s*\)|GetAwaiter\s*\(\s*\)\s*\.\s*GetResult\b)", RegexOptions.ExplicitCapture, PatienceMs)]
    private static partial Regex Blocking();

    [GeneratedRegex(@"(\)|\b\w*[tT]ask)\s*\.\s*Result\b(?!\s*[(<{])", RegexOptions.ExplicitCapture, PatienceMs)]
    private static partial Regex TaskResult();

    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\b(?!\s*\(\s*Timeout\.Infinite)", RegexOptions.ExplicitCapture, PatienceMs)]
    private static partial Regex Sleep();
}
