using System.Globalization;
using System.Text;
using System.Text.Json;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Gateway.Costs;

/// <summary>Prices as lines of text: a line of column names, named as in the JSON, then one line for each version. Source: RFC 4180.</summary>
internal static class PriceCsv
{
    static readonly (string Name, Func<ListPrices.Item, object?> Value)[] Columns =
    [
        (nameof(ListPrices.Item.Pattern), item => item.Pattern),
        (nameof(ListPrices.Item.Version), item => item.Version),
        (nameof(ListPrices.Item.InForce), item => item.InForce),
        (nameof(ListPrices.Item.InputMicros), item => item.InputMicros),
        (nameof(ListPrices.Item.OutputMicros), item => item.OutputMicros),
        (nameof(ListPrices.Item.CachedInputMicros), item => item.CachedInputMicros),
        (nameof(ListPrices.Item.CacheWriteMicros), item => item.CacheWriteMicros),
        (nameof(ListPrices.Item.ReasoningMicros), item => item.ReasoningMicros),
        (nameof(ListPrices.Item.RequestMicros), item => item.RequestMicros),
        (nameof(ListPrices.Item.ImageMicros), item => item.ImageMicros),
        (nameof(ListPrices.Item.AudioSecondMicros), item => item.AudioSecondMicros),
        (nameof(ListPrices.Item.CharacterMicros), item => item.CharacterMicros),
        (nameof(ListPrices.Item.ValidFrom), item => item.ValidFrom.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
        (nameof(ListPrices.Item.Ended), item => item.Ended),
    ];

    internal static string Write(IEnumerable<ListPrices.Item> items)
    {
        var text = new StringBuilder().AppendJoin(',', Columns.Select(column => JsonNamingPolicy.CamelCase.ConvertName(column.Name))).Append("\r\n");
        foreach (var item in items)
            text.AppendJoin(',', Columns.Select(column => Quote(Text(column.Value(item))))).Append("\r\n");
        return text.ToString();
    }

    /// <summary>Columns may stand in any order, unknown ones are passed over, and only pattern, input and output must be there.</summary>
    internal static Result<IReadOnlyList<PriceLines.Line>> Read(string csv, int most)
    {
        var records = Records(csv).Where(record => record is not [""]).Take(most + 2).ToList();
        if (records.Count == 0)
            return GatewayErrors.Field("csv", "There is nothing in it.");
        if (records.Count > most + 1)
            return GatewayErrors.Field("csv", $"There are more than {most} lines.");
        var names = records[0].Select(name => name.Trim()).ToList();
        var lines = new List<PriceLines.Line>(records.Count - 1);
        for (var i = 1; i < records.Count; i++)
        {
            if (LineOf(names, records[i]) is not { } line)
                return GatewayErrors.Field("csv", $"Line {i + 1} cannot be read.");
            lines.Add(line);
        }

        return lines;
    }

    static PriceLines.Line? LineOf(List<string> names, string[] values)
    {
        var right = values.Length == names.Count;
        var line = new PriceLines.Line(
            Value("pattern") ?? "", Number("inputMicros") ?? -1, Number("outputMicros") ?? -1, Number("cachedInputMicros"), Number("cacheWriteMicros"),
            Number("reasoningMicros"), Number("requestMicros") ?? 0, Number("imageMicros"), Number("audioSecondMicros"), Number("characterMicros"), Moment("validFrom"),
            bool.TryParse(Value("ended"), out var ended) && ended);
        return right && line is { Pattern.Length: > 0, InputMicros: >= 0, OutputMicros: >= 0 } ? line : null;

        string? Value(string name)
            => names.FindIndex(each => string.Equals(each, name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var at && at < values.Length && values[at].Trim() is { Length: > 0 } value
                ? value
                : null;

        long? Number(string name)
        {
            if (Value(name) is not { } text)
                return null;
            right &= long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            return number;
        }

        DateTimeOffset? Moment(string name)
        {
            if (Value(name) is not { } text)
                return null;
            right &= DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment);
            return moment;
        }
    }

    static IEnumerable<string[]> Records(string csv)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < csv.Length; i++)
        {
            var c = csv[i];
            if (quoted && c == '"' && i + 1 < csv.Length && csv[i + 1] == '"')
            {
                field.Append(c);
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is ',' or '\n')
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c == ',')
                    continue;
                yield return [.. fields];
                fields.Clear();
            }
            else if (quoted || c is not ('\r' or '\uFEFF'))
            {
                field.Append(c);
            }
        }

        if (field.Length == 0 && fields.Count == 0)
            yield break;
        fields.Add(field.ToString());
        yield return [.. fields];
    }

    static string Text(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    static string Quote(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
