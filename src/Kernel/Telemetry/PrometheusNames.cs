using System.Text;

namespace JeanTrail.Kernel.Telemetry;

/// <summary>
/// Names of instruments as Prometheus spells them. Source: OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility",
/// metric metadata and unit conversion.
/// </summary>
internal static class PrometheusNames
{
    internal static string Metric(string name, string? unit, bool isCounter)
    {
        var text = new StringBuilder(Sanitize(name, allowColon: true));
        if (Suffix(unit) is { Length: > 0 } suffix && !EndsWithWord(text, suffix))
            text.Append('_').Append(suffix);
        if (isCounter && !EndsWithWord(text, "total"))
            text.Append("_total");
        return text.ToString();
    }

    internal static string Label(string name) => Sanitize(name, allowColon: false);

    static bool EndsWithWord(StringBuilder text, string word)
        => text.Length > word.Length && text[text.Length - word.Length - 1] == '_' && text.ToString(text.Length - word.Length, word.Length) == word;

    static string Suffix(string? unit) => unit switch
    {
        null or "" or "1" => "",
        ['{', ..] => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        "Hz" => "hertz",
        "By/s" => "bytes_per_second",
        _ => Sanitize(unit, allowColon: false),
    };

    static string Sanitize(string name, bool allowColon)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            var kept = char.IsAsciiLetterOrDigit(c) || (allowColon && c == ':') ? c : '_';
            if (kept != '_' || text.Length == 0 || text[^1] != '_')
                text.Append(kept);
        }

        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
            text.Insert(0, '_');
        return text.ToString();
    }
}
