using System.Text;
using System.Text.RegularExpressions;

namespace JeanTrail.Testing.Simulators;

/// <summary>A letter as it arrived.</summary>
/// <param name="Recipients">Of the envelope.</param>
/// <param name="Headers">Decoded; of several with one name the last.</param>
/// <param name="Raw">As it came over the wire.</param>
public sealed partial record ReceivedLetter(string From, IReadOnlyList<string> Recipients, IReadOnlyDictionary<string, string> Headers, string Body, string Raw)
{
    public string Subject => Headers["Subject"];

    internal static ReceivedLetter Parse(string from, string[] recipients, string raw)
    {
        var end = raw.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Folded().Replace(raw[..end], " ").Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = Words(line[(colon + 1)..].Trim());
        }

        var body = raw[(end + 2)..];
        var text = headers.GetValueOrDefault("Content-Transfer-Encoding")?.ToLowerInvariant() switch
        {
            "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
            "quoted-printable" => QuotedPrintable(body),
            _ => body,
        };
        return new ReceivedLetter(from, recipients, headers, text.ReplaceLineEndings("\n"), raw);
    }

    /// <summary>Source: RFC 2047 §2.</summary>
    static string Words(string value)
        => EncodedWord().Replace(BetweenWords().Replace(value, "${end}${start}"), word =>
            word.Groups["kind"].Value is "B" or "b"
                ? Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["text"].Value))
                : QuotedPrintable(word.Groups["text"].Value.Replace('_', ' ')));

    static string QuotedPrintable(string text)
    {
        var bytes = new List<byte>();
        var joined = text.Replace("=\n", "", StringComparison.Ordinal);
        for (var i = 0; i < joined.Length; i++)
        {
            if (joined[i] == '=')
            {
                bytes.Add(Convert.ToByte(joined.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(joined, i, 1));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex("\n[ \t]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Folded();

    [GeneratedRegex(@"=\?utf-8\?(?<kind>[BQbq])\?(?<text>[^?]*)\?=", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"(?<end>\?=)\s+(?<start>=\?)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BetweenWords();
}
