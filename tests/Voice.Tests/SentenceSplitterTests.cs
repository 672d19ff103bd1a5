using JeanTrail.Contracts.Voice;

namespace JeanTrail.Voice.Tests;

public sealed class SentenceSplitterTests
{
    static List<SpeakableSentence> Split(string text, int step = int.MaxValue, string? language = null)
    {
        var splitter = new SentenceSplitter(language);
        var found = new List<SpeakableSentence>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(step, text.Length - at);
            found.AddRange(splitter.Append(text.Substring(at, length)));
            at += length;
        }
        found.AddRange(splitter.Flush());
        return found;
    }

    static string[] Said(string text) => [.. Split(text).Select(sentence => sentence.Text)];

    [Theory]
    [InlineData("Hello there. How are you?  Fine!", "Hello there.|How are you?|Fine!")]
    [InlineData("Dr. Smith paid 3.14 dollars to Mr. J. Brown. He left.", "Dr. Smith paid 3.14 dollars to Mr. J. Brown.|He left.")]
    [InlineData("Use fruit, e.g. Apples, at 9 a.m. or later. OK?", "Use fruit, e.g. Apples, at 9 a.m. or later.|OK?")]
    [InlineData("\"Really?\" she said. \"Yes.\" Then silence", "\"Really?\" she said.|\"Yes.\"|Then silence")]
    [InlineData("Wait... what? See example.com/a?b=c. Done.", "Wait... what?|See example.com/a?b=c.|Done.")]
    [InlineData("كيف حالك؟ أنا بخير، شكرا. هل أنت جاهز؟نعم", "كيف حالك؟|أنا بخير، شكرا.|هل أنت جاهز؟|نعم")]
    [InlineData("یہ اردو ہے۔ ٹھیک۔", "یہ اردو ہے۔|ٹھیک۔")]
    [InlineData("Xin chào bạn. Tôi sống ở TP. Hồ Chí Minh. Bạn khoẻ không?", "Xin chào bạn.|Tôi sống ở TP. Hồ Chí Minh.|Bạn khoẻ không?")]
    [InlineData("Он жил в г. Москве, т. е. далеко. А. С. Пушкин родился в 1799 г. Потом он писал и т. д. Всё…", "Он жил в г. Москве, т. е. далеко.|А. С. Пушкин родился в 1799 г.|Потом он писал и т. д.|Всё…")]
    [InlineData("I think so. It was I. Plan ready.", "I think so.|It was I.|Plan ready.")]
    public void Sentences_end_where_a_reader_would_end_them(string text, string expected)
        => Said(text).ShouldBe(expected.Split('|'));

    [Fact]
    public void Markdown_is_stripped_and_blocks_that_cannot_be_said_are_passed_over()
    {
        const string text = """
            # The *plan*
            Here is **bold text** with `git. Status` and [a link](https://x.org/a. b) to read.
            It goes on
            in the next line:

            1. First item
            2. Second item. With two sentences
            - [x] done 😀🎉
            * * *
            ```csharp
            var x = 1. Not said.

            ```
            | a | b |
            |---|---|
            | 1. X | 2 |

            $$
            E = mc^2. No
            $$
            > Quoted words. See https://www.example.org/path?q=1.
            ---
            Last[^1] one [2]
            """;
        Said(text).ShouldBe(
        [
            "The plan", "Here is bold text with git. Status and a link to read.", "It goes on in the next line:", "First item", "Second item.",
            "With two sentences", "done", "Quoted words.", "See example.org.", "Last one",
        ]);
    }

    [Fact]
    public void Offsets_point_into_the_raw_text()
    {
        const string text = "  **Hi 😀 there.** Then _more_ words.\n\n- x";
        Split(text).Select(sentence => text[sentence.Start..sentence.End]).ShouldBe(["**Hi 😀 there.**", "Then _more_ words.", "x"]);
    }

    [Fact]
    public void A_sentence_is_given_out_as_soon_as_the_next_one_begins()
    {
        var splitter = new SentenceSplitter();
        splitter.Append("Hello world.").ShouldBeEmpty();
        splitter.Append(" ").ShouldBeEmpty();
        splitter.Append("N").Single().Text.ShouldBe("Hello world.");
        splitter.Append("ext line\n").ShouldBeEmpty();
        splitter.Append("\n").Single().Text.ShouldBe("Next line");
    }

    [Fact]
    public void A_long_sentence_is_cut_at_a_comma_and_an_endless_one_at_a_space()
    {
        var long1 = string.Join(", ", Enumerable.Repeat("some words that go on", 20)) + ".";
        var parts = Split(long1);
        parts.Count.ShouldBe(3);
        parts.ShouldAllBe(part => part.End - part.Start <= 222);
        parts.Take(2).ShouldAllBe(part => part.Text.EndsWith(','));
        string.Concat(parts.Select(part => part.Text)).Replace(" ", "", StringComparison.Ordinal)
            .ShouldBe(long1.Replace(" ", "", StringComparison.Ordinal));

        var endless = Split(string.Join(' ', Enumerable.Repeat("word", 200)));
        endless.ShouldAllBe(part => part.End - part.Start <= 401 && !part.Text.StartsWith("ord"));
        Split(string.Concat(Enumerable.Repeat("𝒳", 900))).ShouldAllBe(part => !char.IsLowSurrogate(part.Text[0]));
    }

    [Theory]
    [InlineData("Hello", null, "en")]
    [InlineData("Xin chào", "vi", "vi")]
    [InlineData("Tôi đây", null, "vi")]
    [InlineData("Где Windows?", null, "ru")]
    [InlineData("أين Windows؟", "en", "ar")]
    [InlineData("Microsoft Visual Studio Code Мир", null, "en")]
    [InlineData("42", "ru", "ru")]
    public void The_language_shows_in_script_and_diacritics(string text, string? fallback, string expected)
        => Split(text, language: fallback).Single().Language.ShouldBe(expected);

    [Fact]
    public void The_result_does_not_depend_on_how_the_text_was_cut_into_deltas()
    {
        string[] pieces =
        [
            "Hello", " ", " ", "\n", "\n", ".", "!", "…", "؟", ", ", "1. ", "12", "- ", "# ", "```", "`", "|", "**", "[a](b. c)", "http://x.y/z", "word ", "Word", "$$",
            "---", "😀", "مرحبا ", "привет", ") ", "\"", "Mr. ", "> ", "\\[", "\r\n", string.Join(' ', Enumerable.Repeat("lorem ipsum,", 12)),
        ];
        var random = new Random(20261120);
        for (var round = 0; round < 2000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => pieces[random.Next(pieces.Length)]));
            var whole = Split(text);
            Split(text, step: 1).SequenceEqual(whole).ShouldBeTrue(text);
            Split(text, step: random.Next(2, 9)).SequenceEqual(whole).ShouldBeTrue(text);
            for (var i = 1; i < whole.Count; i++)
                (whole[i].Start >= whole[i - 1].End).ShouldBeTrue(text);
            whole.Exists(sentence => string.IsNullOrWhiteSpace(sentence.Text)).ShouldBeFalse(text);
        }
    }
}
