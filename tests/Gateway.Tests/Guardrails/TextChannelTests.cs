using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Gateway.Guardrails;

namespace JeanTrail.Gateway.Tests.Guardrails;

public sealed class TextChannelTests
{
    static readonly string[] Fragments =
    [
        "write to ", "jean.trail@example.org", "a@b", "@", "name+tag@mail.пример.рф", " or call ", "+49 (0)30 1234567", "0912 345 678", "٠٩١٢٣٤٥٦٧٨", "2026-11-20 08:15",
        "4111 1111 1111 1111", "4111111111111112", "٤١١١١١١١١١١١١١١١", "1763000000000", "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "IL62 0108 0000 0009 9999 999 is mine",
        "192.168.1.20", "1.2.3.4.5", "2001:db8::ff00:42", "std::vector", "sk-proj-abcdefgh12345678", "ghp_0123456789abcdefghijKLMN", "sk-learn", " ", "\n", ", ", "ok", "٣", "7", "12", "🙂",
        "the secret word", "secret", "secretive", "الكَلِمَة السِّرِّيَّة", "секрет", "ещё", "x1", "aab", "aaab", "[email]", "é", "-", ".", "+", "(", "a".PadRight(300, 'b'),
    ];

    static readonly GuardrailRule[] Masks =
    [
        new("mask"),
        new("mask", Data: [], Words: ["secret word", "secret", "الكلمة السرية", "еще"], Patterns: [@"x\d{1,3}", "(?:a{2,3}|ab)b", "(?i)OK+[.!]?"]),
        new("mask", Data: ["email", "phone"], Patterns: [@"\[email\] or [a-z]+"]),
    ];

    static readonly GuardrailRule Block = new("block", Words: ["secret", "секрет"], Patterns: [@"\d{4} \d{4}"]);

    /// <summary>As a route does: expressions are made once, and are fast when they have seen some text.</summary>
    static readonly ConcurrentDictionary<(int, GuardrailRule), GuardStep> Steps = [];

    static GuardRun Run(params GuardrailRule[] rules) => new([.. rules.Select((rule, index) => Steps.GetOrAdd((index + 1, rule), static step => GuardStep.Of(step.Item1, step.Item2)))]);

    static string Whole(string text, params GuardrailRule[] rules) => Run(rules).Apply(text);

    static string Streamed(string text, System.Random random, params GuardrailRule[] rules) => Streamed(text, random, Run(rules));

    static string Streamed(string text, System.Random random, GuardRun run)
    {
        var channel = run.Open();
        var output = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(text.Length - at, random.Next(4) switch { 0 => 1, 1 => random.Next(1, 4), 2 => random.Next(1, 12), _ => random.Next(1, 60) });
            output.Append(channel.Push(text.Substring(at, length), last: false));
            at += length;
        }

        return output.Append(channel.Push("", last: true)).ToString();
    }

    static string Text(System.Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => Fragments[random.Next(Fragments.Length - 1)] + (random.Next(3) == 0 ? "" : " ")));

    [Fact]
    public void However_a_text_is_cut_it_comes_out_as_it_would_whole()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll((int seed) =>
        {
            var random = new System.Random(seed);
            var text = Text(random);
            foreach (var rules in new[] { [Masks[0]], [Masks[1]], Masks })
                Streamed(text, random, rules).ShouldBe(Whole(text, rules), text);
        }));

    [Fact]
    public void However_a_text_is_cut_nothing_comes_out_from_where_it_is_blocked()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll((int seed) =>
        {
            var random = new System.Random(seed);
            var text = Text(random);
            var refused = Regex.Match(text, @"\b(?:secret|секрет)\b|\d{4} \d{4}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
            var run = Run(Block);
            var came = Streamed(text, random, run);
            (run.Refused is not null).ShouldBe(refused.Success, text);
            (refused.Success ? text[..refused.Index] : text).StartsWith(came, StringComparison.Ordinal).ShouldBeTrue(text);
            came.Length.ShouldBe(refused.Success ? came.Length : text.Length);
        }));

    [Fact]
    public void What_a_text_may_begin_with_is_every_beginning_of_every_match()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll((int seed) =>
        {
            // Patterns over two letters, against every cut of random texts: the filter must never let go of what becomes a match.
            var random = new System.Random(seed);
            var pattern = Pattern(random, 3);
            var rule = new GuardrailRule("mask", Data: [], Patterns: [pattern]);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => "ab "[random.Next(3)]));
            Streamed(text, random, rule).ShouldBe(Whole(text, rule), $"{pattern} in '{text}'");
        }));

    [Fact]
    public void No_more_is_held_back_than_may_become_a_match()
    {
        var channel = Run(Masks[0]).Open();

        channel.Push("Hello there, ", last: false).ShouldBe("Hello there, ");
        channel.Push("this is", last: false).ShouldBe("this ");
        channel.Push(" it. ", last: false).ShouldBe("is it. ");
        channel.Push("Call +49 30 ", last: false).ShouldBe("Call ");
        channel.Push("123", last: false).ShouldBe("");
        channel.Push(", then", last: false).ShouldBe("+49 30 123, ");
        channel.Push(" wait", last: true).ShouldBe("then wait");
    }

    [Fact]
    public void A_match_that_outgrows_the_window_is_let_go()
    {
        var channel = Run(new GuardrailRule("mask", Data: [], Patterns: ["<.*>"])).Open();

        channel.Push("<" + new string('x', 200), last: false).ShouldBe("");
        channel.Push(new string('y', 200), last: false).Length.ShouldBe(401);
    }

    [Theory]
    [InlineData("write to jean.trail@example.org.", "write to [email].")]
    [InlineData("name+tag@mail.пример.рф", "[email]")]
    [InlineData("a@b and @home and a@b.c", "a@b and @home and a@b.c")]
    [InlineData("ring +49 (0)30 1234567 or 0912 345 678.", "ring [phone] or [phone].")]
    [InlineData("٠٩١٢٣٤٥٦٧٨ / +٩٦٣ ٩٤٤ ١٢٣ ٤٥٦", "[phone] / [phone]")]
    [InlineData("8 (912) 345-67-89", "[phone]")]
    [InlineData("(415) 555-2671, 415-555-2671", "[phone], [phone]")]
    [InlineData("on 2026-11-20 at 08:15, 1763000000000, 3.14159265358, 20 000 000, 1234567", "on 2026-11-20 at 08:15, 1763000000000, 3.14159265358, 20 000 000, 1234567")]
    [InlineData("4111 1111 1111 1111; 4111-1111-1111-1112; 378282246310005", "[card]; 4111-1111-1111-1112; [card]")]
    [InlineData("order 12 4111111111111111 5", "order 12 [card] 5")]
    [InlineData("٤١١١ ١١١١ ١١١١ ١١١١", "[card]")]
    [InlineData("GB82 WEST 1234 5698 7654 32 is mine, DE89370400440532013000 is yours, DE89370400440532013001 nobody's", "[iban] is mine, [iban] is yours, DE89370400440532013001 nobody's")]
    [InlineData("AB12 GB82WEST12345698765432", "AB12 [iban]")]
    [InlineData("GB٨٢ WEST ١٢٣٤ ٥٦٩٨ ٧٦٥٤ ٣٢", "[iban]")]
    [InlineData("192.168.1.20 and 2001:db8::ff00:42 but not 1.2.3.4.5, 300.1.1.1, 12:30:45 or std::vector", "[ip] and [ip] but not 1.2.3.4.5, 300.1.1.1, 12:30:45 or std::vector")]
    [InlineData("sk-proj-abcdefgh12345678 ghp_0123456789abcdefghijKLMN AKIAIOSFODNN7EXAMPLE sk-learn-is-a-library-of-python", "[key] [key] [key] sk-learn-is-a-library-of-python")]
    public void Personal_data_is_found_in_all_scripts_and_what_only_looks_like_it_is_not(string text, string masked) => Whole(text, Masks[0]).ShouldBe(masked);

    [Theory]
    [InlineData("The SECRET   Word", true)]
    [InlineData("secretive", false)]
    [InlineData("الكَلِمَة السِّرِّيَّة", true)]
    [InlineData("كلمات", false)]
    [InlineData("Ещё раз", true)]
    [InlineData("ещеодин", false)]
    public void Words_are_whole_words_in_any_case_with_or_without_signs(string text, bool found)
        => (Whole(text, new GuardrailRule("mask", Data: [], Words: ["secret word", "الكلمة السرية", "еще"])) != text).ShouldBe(found);

    [Fact]
    public void Only_the_kinds_asked_for_are_masked()
        => Whole("a@example.org 192.168.1.20", new GuardrailRule("mask", Data: ["ip"])).ShouldBe("a@example.org [ip]");

    [Fact]
    public void Texts_together_are_no_longer_than_the_limit()
    {
        var run = Run(new GuardrailRule("max-size", Limit: 10));
        run.Apply("12345").ShouldBe("12345");
        run.Refused.ShouldBeNull();
        run.Apply("123456");
        run.Refused.ShouldNotBeNull().Name.ShouldBe("rule 1 (max-size)");
    }

    [Fact]
    public void A_long_text_comes_out_as_it_would_in_one_piece()
    {
        var text = string.Concat(Enumerable.Repeat("Write to jean.trail@example.org, or call +49 (0)30 1234567 any time. ", 300));

        Whole(text, Masks[0]).ShouldBe(text.Replace("jean.trail@example.org", "[email]", StringComparison.Ordinal).Replace("+49 (0)30 1234567", "[phone]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_thousand_words_are_no_trouble()
    {
        var rule = new GuardrailRule("block", Words: [.. Enumerable.Range(0, 1000).Select(i => $"word{i}x")]);
        var channel = Run(rule).Open();
        for (var i = 0; i < 200; i++)
            channel.Push("some ordinary words and ", last: false).ShouldNotBeEmpty();
    }

    static string Pattern(System.Random random, int depth)
    {
        string[] atoms = ["a", "b", ".", "[ab]", "[^a]", @"\w", @"\b", @"\s", "(?:ab)"];
        var atom = depth == 0 || random.Next(3) == 0
            ? atoms[random.Next(atoms.Length)]
            : random.Next(3) == 0 ? $"(?:{Pattern(random, depth - 1)}|{Pattern(random, depth - 1)})" : $"{Pattern(random, depth - 1)}{Pattern(random, depth - 1)}";
        return random.Next(3) == 0 ? $"(?:{atom}){new[] { "*", "+", "?", "{2}", "{1,3}", "{2,}", "+?", "*?" }[random.Next(8)]}" : atom;
    }
}
