using System.Globalization;
using System.Security.Cryptography;
using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Skills;

namespace JeanTrail.Agents.Chance;

/// <summary>Numbers, dice and coins.</summary>
internal sealed class RandomSkill : IInstantSkill
{
    public string Id => "random";

    public Answer? Try(SkillCall call) => call.Tag switch
    {
        "coin" => call.Say(RandomNumberGenerator.GetInt32(2) == 0 ? "heads" : "tails"),
        "dice" => Dice(call),
        "two" => Roll(call, 2, 6), // Arabic has a number of its own for two.
        "dnd" => Notation(call),
        _ => Number(call),
    };

    static Answer? Number(SkillCall call)
    {
        var (low, high) = (1, 100);
        if (call.Slot("a") is { } a && !NumberReader.TryInt(call.Utterance, a, call.Tongue, -1_000_000_000, 1_000_000_000, out low))
            return null;
        if (call.Slot("b") is { } b && !NumberReader.TryInt(call.Utterance, b, call.Tongue, -1_000_000_000, 1_000_000_000, out high))
            return null;
        if (low > high)
            (low, high) = (high, low);
        var drawn = low + RandomNumberGenerator.GetInt32(high - low + 1);
        return call.Say("number", call.Numbers.Digits(drawn), call.Numbers.Digits(low), call.Numbers.Digits(high));
    }

    static Answer? Dice(SkillCall call)
    {
        var count = 1;
        if (call.Slot("n") is { } n && !NumberReader.TryInt(call.Utterance, n, call.Tongue, 1, 20, out count))
            return null;
        var sides = 6;
        if (call.Slot("s") is { } s && !NumberReader.TryInt(call.Utterance, s, call.Tongue, 2, 1000, out sides))
            return null;
        return Roll(call, count, sides);
    }

    /// <summary>2d6, d20.</summary>
    static Answer? Notation(SkillCall call)
    {
        var parts = call.Text("x").Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant().Split('d');
        return parts.Length == 2 && Read(parts[0] == "" ? "1" : parts[0], 1, 20) is { } count && Read(parts[1], 2, 1000) is { } sides ? Roll(call, count, sides) : null;

        static int? Read(string text, int min, int max)
            => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max ? value : null;
    }

    static Answer Roll(SkillCall call, int count, int sides)
    {
        var rolls = Enumerable.Range(0, count).Select(_ => RandomNumberGenerator.GetInt32(1, sides + 1)).ToArray();
        return count == 1 ? call.Say("die", call.Numbers.Digits(rolls[0]))
            : call.Say("dice", string.Join(" + ", rolls.Select(roll => call.Numbers.Digits(roll))), call.Numbers.Digits(rolls.Sum()));
    }
}

/// <summary>Picks one of several things, or puts them in a random order.</summary>
internal sealed class PickSkill : IInstantSkill
{
    static readonly string[] Signs = [",", "،", ";", "؛", "\n"];

    public string Id => "pick";

    public Answer? Try(SkillCall call)
    {
        if ((call.Tag == "shuffle" ? call.GivenText() : call.Raw("x")) is not { } text)
            return null;
        var items = Split(text, call.Say("or").Split('|'));
        if (items.Length is < 2 or > 500)
            return null;
        if (call.Tag == "shuffle")
        {
            RandomNumberGenerator.Shuffle(items.AsSpan());
            return call.Say("shuffled", string.Join('\n', items.Select((item, index) => $"{call.Numbers.Digits(index + 1)}. {item}")));
        }

        return call.Say("picked", items[RandomNumberGenerator.GetInt32(items.Length)]);
    }

    static string[] Split(string text, string[] words)
    {
        const StringSplitOptions Tidy = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        text = text.Trim().TrimEnd('?', '.', '!', '؟');
        var between = words.Select(word => $" {word} ").ToArray();
        var parts = text.Split([.. Signs, .. between], Tidy);
        // "tea, coffee, or milk" leaves its "or" at the start of the last.
        var items = parts.Select(part => words.FirstOrDefault(word => part.StartsWith(word + " ", StringComparison.OrdinalIgnoreCase)) is { } word ? part[(word.Length + 1)..].Trim() : part);
        var result = items.Where(item => item.Length is > 0 and <= 200).ToArray();
        return result.Length >= 2 ? result : text.Split(' ', Tidy) is { Length: >= 2 and <= 3 } two && text.Length <= 40 && !words.Any(word => two.Contains(word, StringComparer.OrdinalIgnoreCase)) ? [] : result;
    }
}
