using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace JeanTrail.Gateway.Guardrails;

/// <summary>
/// What tells of persons and secrets, by its shape, and where there is a check sum by that. Digits of all scripts count. Names and addresses
/// have no shape and are not found.
/// </summary>
internal static class PersonalData
{
    // The more definite first: what one took the next does not see.
    static readonly (string Kind, Lazy<TextPattern> Pattern)[] All =
    [
        ("key", new(() => new TextPattern(
            @"\b(?:(?:sk|pk|rk)[-_][\w-]{16,}|gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{16}\b|AIza[\w-]{30,}|xox[abeoprs]-[\w-]{10,}|hf_\w{20,}|npm_\w{30,})",
            "[key]", check: Key))),
        ("email", new(() => new TextPattern(@"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+", "[email]", check: Email))),
        ("iban", new(() => new TextPattern(@"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z\d]){11,40}", "[iban]", check: Iban.Find, again: true))),
        ("card", new(() => new TextPattern(@"\b\d(?:[ -]?\d){12,18}\b", "[card]", check: Card, again: true))),
        ("ip", new(() => new TextPattern(@"\b\d{1,3}(?:\.\d{1,3}){3,8}\b|\b[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]*[0-9A-Fa-f]\b", "[ip]", check: Address))),
        ("phone", new(() => new TextPattern(@"(?:[+(]|\b)\d(?:[ ().\u00A0/-]{0,2}\d){7,20}\b", "[phone]", check: Phone, again: true))),
    ];

    internal static readonly string[] Kinds = [.. All.Select(each => each.Kind)];

    /// <param name="kinds">Null for all.</param>
    internal static IEnumerable<TextPattern> Patterns(IReadOnlyList<string>? kinds)
        => All.Where(each => kinds is null || kinds.Contains(each.Kind, StringComparer.Ordinal)).Select(each => each.Pattern.Value);

    /// <summary>0 to 9 for a digit of any script, else -1.</summary>
    internal static int Digit(char letter) => CharUnicodeInfo.GetDecimalDigitValue(letter);

    static Part? Key(string text) => text.Any(char.IsAsciiDigit) ? new Part(0, text.Length) : null;

    /// <summary>Without the dots of the sentence around it.</summary>
    static Part? Email(string text)
    {
        var start = text.Length - text.TrimStart('.', '-', '%', '+').Length;
        var end = text.TrimEnd('-').Length;
        return text.IndexOf('@', StringComparison.Ordinal) > start && text[(text.LastIndexOf('.') + 1)..end].Length >= 2 ? new Part(start, end - start) : null;
    }

    /// <summary>Thirteen to nineteen digits with the check digit of ISO/IEC 7812-1; other numbers may follow.</summary>
    static Part? Card(string text)
    {
        for (var end = text.Length; end > 0; end--)
        {
            if (Digit(text[end - 1]) >= 0 && (end == text.Length || Digit(text[end]) < 0) && IsCard(text.AsSpan(0, end)))
                return new Part(0, end);
        }

        return null;
    }

    static bool IsCard(ReadOnlySpan<char> text)
    {
        var (digits, sum) = (0, 0);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            var digit = Digit(text[i]);
            if (digit < 0)
                continue;
            var value = digits++ % 2 == 0 ? digit : digit * 2;
            sum += value > 9 ? value - 9 : value;
        }

        return sum > 0 && sum % 10 == 0 && IsIssued(digits, Digit(text[0]));
    }

    /// <summary>By the first digit, so that times in milliseconds and most order numbers are none. Source: ISO/IEC 7812-1, the industries' ranges.</summary>
    static bool IsIssued(int digits, int first) => digits switch
    {
        13 => first == 4,
        14 or 15 => first == 3,
        >= 16 and <= 19 => first is (>= 2 and <= 6) or 9,
        _ => false,
    };

    static Part? Address(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            // What programs write between names looks like the short form.
            var isAddress = text.Any(char.IsAsciiDigit) && IPAddress.TryParse(text, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6;
            return isAddress ? new Part(0, text.Length) : null;
        }

        var parts = text.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, part => part.Aggregate(0, (sum, letter) => (sum * 10) + Digit(letter)) <= 255) ? new Part(0, text.Length) : null;
    }

    /// <summary>
    /// A number in international form, or one that begins as national numbers do and is written as people write them: dates, amounts and order
    /// numbers are not taken. Source: ITU-T E.164 for the length.
    /// </summary>
    static Part? Phone(string text)
    {
        var digits = text.Count(letter => Digit(letter) >= 0);
        var first = Digit(text.First(letter => Digit(letter) >= 0));
        var second = text.Where(letter => Digit(letter) >= 0).Skip(1).Select(Digit).First();
        var grouped = text.Any(letter => letter is ' ' or '-' or '(' or '/' or '\u00A0');
        var dots = text.Count(letter => letter == '.');
        var isNational = dots != 1 && digits is >= 9 and <= 12
            && (first == 0 || (grouped && text[0] == '(') || (grouped && digits == 10 && Groups(text) is [3, 3, 4]) || (grouped && digits == 11 && first is 1 or 7 or 8 && Groups(text).Count is 4 or 5));
        var isInternational = digits is >= 8 and <= 15 && (text[0] == '+' || (first == 0 && second == 0 && digits >= 10));
        return isNational || isInternational ? new Part(0, text.Length) : null;
    }

    static List<int> Groups(string text)
    {
        var groups = new List<int>();
        var inside = false;
        foreach (var letter in text)
        {
            if (Digit(letter) < 0)
                inside = false;
            else if (inside)
                groups[^1]++;
            else
                groups.Add(1);
            inside |= Digit(letter) >= 0;
        }

        return groups;
    }
}
