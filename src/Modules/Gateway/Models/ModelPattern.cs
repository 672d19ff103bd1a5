namespace JeanTrail.Gateway.Models;

/// <summary>Names one model or route, or with <c>*</c> at its end all that begin alike: <c>*</c>, <c>provider/*</c>, <c>provider/model</c>.</summary>
internal static class ModelPattern
{
    internal const string All = "*";

    internal static bool IsValid(string pattern)
        => pattern.Length is > 0 and <= ModelName.MaxLength
            && pattern.IndexOf('*') is var star && (star < 0 || star == pattern.Length - 1)
            && !pattern.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));

    internal static bool Matches(string pattern, string name)
        => pattern is [.., '*'] ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == name;

    /// <summary>Orders patterns that match the same name: the exact name before the longest beginning before shorter ones.</summary>
    internal static int Specificity(string pattern) => pattern is [.., '*'] ? pattern.Length - 1 : int.MaxValue;
}
