using System.Text;
using System.Text.RegularExpressions;

namespace JeanTrail.Testing.Gguf;

/// <summary>A byte-level vocabulary trained on a little text in the four languages of the interface, with Qwen's special tokens at its end.</summary>
public sealed partial class Vocabulary
{
    static readonly string[] Controls = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
    static readonly string[] Marks = ["<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>"];

    static readonly string Text = """
        The harbour is quiet this morning, and the boats are waiting for the wind. What can I do for you today? The weather in the city is fine.
        الميناء هادئ هذا الصباح والقوارب تنتظر الريح. ماذا يمكنني أن أفعل لك اليوم؟ الطقس في المدينة جميل.
        Bến cảng sáng nay yên tĩnh và những con thuyền đang chờ gió. Hôm nay tôi có thể làm gì cho bạn? Thời tiết trong thành phố đẹp.
        Сегодня утром в гавани тихо, и лодки ждут ветра. Чем я могу вам помочь сегодня? Погода в городе хорошая.
        {"name": "weather", "arguments": {"city": "Hà Nội", "days": 3}}
        """;

    public static Vocabulary Default { get; } = Train(Text, merges: 160);

    Vocabulary(List<string> tokens, List<string> merges)
    {
        Merges = merges;
        Plain = tokens.Count;
        Tokens = [.. tokens, .. Controls, .. Marks];
        Types = [.. Enumerable.Repeat(1, Plain), .. Enumerable.Repeat(3, Controls.Length), .. Enumerable.Repeat(4, Marks.Length)];
    }

    public IReadOnlyList<string> Tokens { get; }

    /// <summary>1 normal, 3 control, 4 user-defined.</summary>
    public IReadOnlyList<int> Types { get; }

    public IReadOnlyList<string> Merges { get; }

    /// <summary>How many tokens, the first ones, are ordinary text.</summary>
    public int Plain { get; }

    public int Id(string token) => Tokens.Index().First(one => one.Item == token).Index;

    /// <summary>Byte pair encoding, as GPT-2 does it: the most frequent pair becomes a token, again and again.</summary>
    static Vocabulary Train(string text, int merges)
    {
        var symbols = ByteSymbols();
        var tokens = symbols.Order(StringComparer.Ordinal).ToList();
        var words = Words().Matches(text).Select(word => Encoding.UTF8.GetBytes(word.Value).Select(value => symbols[value]).ToList()).ToList();
        var learned = new List<string>();
        while (learned.Count < merges)
        {
            var (left, right) = words.SelectMany(word => word.Zip(word.Skip(1))).CountBy(pair => pair)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => $"{pair.Key.First} {pair.Key.Second}", StringComparer.Ordinal).First().Key;
            learned.Add($"{left} {right}");
            tokens.Add(left + right);
            foreach (var word in words)
            {
                for (var i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                        (word[i], _) = (left + right, Remove(word, i + 1));
                }
            }
        }

        return new Vocabulary([.. tokens.Distinct(StringComparer.Ordinal)], learned);
    }

    static bool Remove(List<string> word, int at)
    {
        word.RemoveAt(at);
        return true;
    }

    /// <summary>Each byte as a visible character. Source: GPT-2's encoder.py, bytes_to_unicode.</summary>
    static string[] ByteSymbols()
    {
        var symbols = new string[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
            symbols[value] = ((char)(value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 ? value : next++)).ToString();
        return symbols;
    }

    [GeneratedRegex(@" ?\p{L}[\p{L}\p{M}]*| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Words();
}
