using System.Text.RegularExpressions;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>Part of a candidate.</summary>
internal readonly record struct Part(int Start, int Length);

/// <summary>
/// Something to look for in texts. The expressions are linear in the length of the text, whatever an owner writes into them. Source of the
/// guarantee: .NET, <c>RegexOptions.NonBacktracking</c>.
/// </summary>
internal sealed class TextPattern
{
    const RegexOptions Always = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    const string IgnoresCase = "(?i)";

    readonly Regex whole;
    readonly Regex? begun;
    readonly Func<string, Part?>? check;

    /// <param name="replacement">What stands in place of a match.</param>
    /// <param name="check">Finds in a candidate what is really meant, if anything; null when the expression says it all.</param>
    /// <param name="again">A candidate that is nothing may have another within it. Only for candidates of bounded length.</param>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It looks around or back, which cannot be done in linear time.</exception>
    internal TextPattern(string pattern, string replacement, bool ignoreCase = false, Func<string, Part?>? check = null, bool again = false)
    {
        if (pattern.StartsWith(IgnoresCase, StringComparison.Ordinal))
            (pattern, ignoreCase) = (pattern[IgnoresCase.Length..], true);
        var options = Always | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        whole = new Regex(pattern, options, Regex.InfiniteMatchTimeout);
        begun = PartialPattern.Of(pattern) is { } partial ? new Regex(partial + @"\z", options, Regex.InfiniteMatchTimeout) : null;
        (Replacement, this.check, LooksAgain) = (replacement, check, again);
    }

    /// <summary>Why an owner's expression cannot be used, as a sentence; null when it can.</summary>
    internal static string? Objection(string pattern)
    {
        try
        {
            _ = new TextPattern(pattern, "");
            return null;
        }
        catch (NotSupportedException)
        {
            return "This looks around, refers back or is too large: it cannot be searched for in linear time.";
        }
        catch (ArgumentException wrong)
        {
            return $"This is not a regular expression. {wrong.Message}";
        }
    }

    internal string Replacement { get; }

    internal bool LooksAgain { get; }

    /// <summary>
    /// The next match from a place on: its candidate, and what in it is meant, if anything. Null when there is none. A match of
    /// nothing is none.
    /// </summary>
    internal (Part Candidate, Part? Meant)? Next(string text, int from)
    {
        while (from <= text.Length)
        {
            var match = whole.Match(text, from);
            if (!match.Success)
                return null;
            if (match.Length == 0)
            {
                from = match.Index + 1;
                continue;
            }

            var candidate = new Part(match.Index, match.Length);
            if (check is null)
                return (candidate, candidate);
            return (candidate, check(match.Value) is { } part ? new Part(match.Index + part.Start, part.Length) : null);
        }

        return null;
    }

    /// <summary>From where on the text may still become a match when it goes on; its end when it may not.</summary>
    internal int Undecided(string text, int from) => begun is null ? from : begun.Match(text, from) is { Success: true } match ? match.Index : text.Length;
}
