using System.Globalization;
using JeanTrail.Agents.Recognition;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Codes;

/// <summary>Colours as hex, RGB and HSL, and the contrast of two. Source of the contrast: WCAG 2.2, relative luminance and contrast ratio.</summary>
internal sealed class ColourSkill : IInstantSkill
{
    public string Id => "colour";

    public Answer? Try(SkillCall call)
    {
        if (call.Tag == "contrast")
            return call.Slot("a") is { } a && call.Slot("b") is { } b && Read(call, a) is { } first && Read(call, b) is { } second ? Contrast(call, first, second) : null;
        if (call.Slot("x") is not { } part || Read(call, part) is not { } colour)
            return null;
        var (h, s, l) = ToHsl(colour);
        return call.Say("result", Hex(colour), $"rgb({colour.R}, {colour.G}, {colour.B})", $"hsl({h}, {s}%, {l}%)");
    }

    internal readonly record struct Colour(byte R, byte G, byte B);

    static Answer Contrast(SkillCall call, Colour a, Colour b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        var ratio = (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
        var grade = ratio switch { >= 7 => "AAA", >= 4.5 => "AA", >= 3 => "AA large", _ => "–" };
        return call.Say("contrast", Hex(a), Hex(b), call.Numbers.Write(Math.Floor(ratio * 100) / 100, 2), grade);
    }

    static Colour? Read(SkillCall call, Extent part)
    {
        var text = call.Utterance;
        var first = text.Tokens[part.From].Plain;
        if (part.Count == 1 && first[0] == '#')
            return FromHex(first[1..]);
        var tokens = Enumerable.Range(part.From, part.Count).Select(index => text.Tokens[index]).ToArray();
        if (first is "rgb" or "hsl")
            tokens = tokens[1..];
        else if (!text.Text(part).Contains(',', StringComparison.Ordinal))
            return null;
        // "rgb(255, 0, 0)" and "rgb 255 0 0"; without spaces the numbers come as one token.
        var numbers = tokens.Where(token => token.Plain is not ("(" or ")" or "%")).SelectMany(token => token.Plain.Split(',')).ToArray();
        if (numbers.Length != 3)
            return null;
        var values = new int[3];
        for (var i = 0; i < 3; i++)
        {
            if (!int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]))
                return null;
        }

        if (first == "hsl")
            return values is [<= 360, <= 100, <= 100] ? FromHsl(values[0], values[1] / 100.0, values[2] / 100.0) : null;
        return values.All(value => value <= 255) ? new Colour((byte)values[0], (byte)values[1], (byte)values[2]) : null;
    }

    static Colour? FromHex(string digits)
    {
        if (digits.Length == 3)
            digits = string.Concat(digits.Select(digit => new string(digit, 2)));
        return digits.Length == 6 && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new Colour((byte)(value >> 16), (byte)(value >> 8), (byte)value) : null;
    }

    static string Hex(Colour colour) => $"#{colour.R:X2}{colour.G:X2}{colour.B:X2}";

    static (int H, int S, int L) ToHsl(Colour colour)
    {
        var (r, g, b) = (colour.R / 255.0, colour.G / 255.0, colour.B / 255.0);
        var (max, min) = (Math.Max(r, Math.Max(g, b)), Math.Min(r, Math.Min(g, b)));
        var (lightness, delta) = ((max + min) / 2, max - min);
        if (delta == 0)
            return (0, 0, (int)Math.Round(lightness * 100));
        var saturation = delta / (1 - Math.Abs((2 * lightness) - 1));
        var hue = max == r ? ((g - b) / delta) + (g < b ? 6 : 0) : max == g ? ((b - r) / delta) + 2 : ((r - g) / delta) + 4;
        return ((int)Math.Round(hue * 60) % 360, (int)Math.Round(saturation * 100), (int)Math.Round(lightness * 100));
    }

    static Colour FromHsl(double hue, double saturation, double lightness)
    {
        return new Colour(Channel(0), Channel(8), Channel(4));

        byte Channel(int n)
        {
            var k = (n + (hue / 30)) % 12;
            var amount = saturation * Math.Min(lightness, 1 - lightness);
            return (byte)Math.Round(255 * (lightness - (amount * Math.Max(-1, Math.Min(k - 3, Math.Min(9 - k, 1))))));
        }
    }

    static double Luminance(Colour colour)
    {
        return (0.2126 * Linear(colour.R)) + (0.7152 * Linear(colour.G)) + (0.0722 * Linear(colour.B));

        static double Linear(byte channel)
        {
            var value = channel / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
    }
}
