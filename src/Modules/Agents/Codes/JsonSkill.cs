using System.Text.Encodings.Web;
using System.Text.Json;
using JeanTrail.Agents.Skills;
using JeanTrail.Agents.Text;

namespace JeanTrail.Agents.Codes;

/// <summary>Checks JSON and writes it indented or on one line.</summary>
internal sealed class JsonSkill : IInstantSkill
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Id => "json";

    public Answer? Try(SkillCall call)
    {
        var text = call.Raw("x").Trim('`').Trim();
        if (text.StartsWith("json\n", StringComparison.Ordinal))
            text = text[5..];
        // Anything else after "format json" is talk about JSON.
        if (text.Length == 0 || text[0] is not ('{' or '[' or '"'))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (call.Tag == "validate")
                return call.Say("valid");
            return new Answer(Fenced.Of(JsonSerializer.Serialize(document.RootElement, call.Tag == "minify" ? Compact : Indented), "json"), call.Say("valid"));
        }
        catch (JsonException problem)
        {
            return call.Say("invalid", call.Numbers.Digits((problem.LineNumber ?? 0) + 1), call.Numbers.Digits((problem.BytePositionInLine ?? 0) + 1));
        }
    }
}
