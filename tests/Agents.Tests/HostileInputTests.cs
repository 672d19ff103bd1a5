namespace JeanTrail.Agents.Tests;

/// <summary>Whatever is typed, the engine answers politely or leaves it alone; it never throws and never hangs.</summary>
public sealed class HostileInputTests(AgentsFixture agents) : IClassFixture<AgentsFixture>
{
    public static TheoryData<string, string> Huge() => new()
    {
        { "letters", new string('a', 100_000) },
        { "digits", new string('9', 100_000) },
        { "brackets", new string('(', 100_000) },
        { "closed brackets", new string('(', 50_000) + "1" + new string(')', 50_000) },
        { "sum", string.Join('+', Enumerable.Repeat("1", 50_000)) },
        { "words", string.Concat(Enumerable.Repeat("what time is it in ", 5_300)) },
        { "reminders", string.Concat(Enumerable.Repeat("remind me to ", 7_700)) },
        { "vietnamese", string.Concat(Enumerable.Repeat("mấy giờ ", 12_500)) },
        { "arabic marks", new string('\u064B', 100_000) },
        { "combining", "a" + new string('\u0301', 99_000) },
        { "emoji", string.Concat(Enumerable.Repeat("😀", 50_000)) },
        { "lone surrogates", new string('\uD83D', 100_000) },
        { "newlines", new string('\n', 100_000) },
        { "nulls", new string('\0', 100_000) },
        { "sentences", "summarise: " + string.Concat(Enumerable.Repeat("One two three four. ", 4_900)) },
        { "points", "summarise: " + string.Concat(Enumerable.Repeat("a. ", 33_000)) },
        { "reverse", "reverse: " + new string('x', 99_000) },
        { "json", "format json " + new string('[', 99_000) },
        { "base64", "base64 decode " + new string('=', 99_000) },
        { "to to to", "convert 5 km " + string.Concat(Enumerable.Repeat("to ", 33_000)) },
        { "and and", "days between " + string.Concat(Enumerable.Repeat("1 and ", 16_000)) },
        { "pick", "pick from " + string.Concat(Enumerable.Repeat("a, ", 33_000)) },
    };

    [Theory]
    [MemberData(nameof(Huge))]
    public async Task A_hundred_thousand_characters_are_survived(string what, string text)
    {
        foreach (var language in PhraseTable.Languages)
            _ = await agents.AskAsync(text, language);
        agents.Engine.Decline(new Contracts.Agents.SkillRequest(agents.NewUser(), text, "en", "Nowhere/Nothing", [])).Text.ShouldNotBeEmpty(what);
    }

    [Theory]
    [InlineData("en", "10^10^10", "too large")]
    [InlineData("en", "1/0", "Dividing by zero")]
    [InlineData("en", "what is 5 / (3 - 3)", "Dividing by zero")]
    [InlineData("en", "9999!", "too large")]
    [InlineData("en", "sqrt(-1)", "no answer")]
    [InlineData("en", "log(0)", "no answer")]
    [InlineData("en", "2^99999", "too large")]
    [InlineData("en", "0^-1", "Dividing by zero")]
    [InlineData("ar", "كم 1 على 0", "القسمة على صفر")]
    [InlineData("ar", "10^10^10", "أكبر من أن")]
    [InlineData("vi", "1 chia 0 bằng mấy", "chia cho số không")]
    [InlineData("vi", "10^10^10", "quá lớn")]
    [InlineData("ru", "сколько будет 1 разделить на 0", "На ноль делить нельзя")]
    [InlineData("ru", "10^10^10", "слишком велико")]
    public async Task Impossible_sums_get_a_polite_answer(string language, string text, string words)
        => (await agents.AskAsync(text, language)).ShouldNotBeNull(text).Text.ShouldContain(words);

    [Fact]
    public async Task A_sum_that_is_too_long_is_said_to_be()
        => (await agents.AskAsync(string.Join('+', Enumerable.Repeat("1", 5_000)))).ShouldNotBeNull().Text.ShouldContain("too long");

    [Theory]
    [InlineData("convert -300 celsius to fahrenheit", "absolute zero")]
    [InlineData("format json {\"a\":", "not valid")]
    [InlineData("base64 decode %%%", "nothing to decode")]
    [InlineData("generate a password with 100000 characters", "128")]
    [InlineData("4000 in roman numerals", "3,999")]
    [InlineData("what date is 900000 weeks from now", "calendar")]
    public async Task Impossible_requests_get_a_polite_answer(string text, string words)
        => (await agents.AskAsync(text))?.Text.ShouldContain(words);

    [Theory]
    [InlineData("remind me in 99999999999999999999 days to rest")]
    [InlineData("set a timer for 10^10 minutes")]
    [InlineData("what date is 99999999999 years from now")]
    [InlineData("what day is 31 February 2027")]
    [InlineData("how old is someone born on 30 February 2000")]
    [InlineData("time in UTC+99")]
    [InlineData("time in ../../etc/passwd")]
    [InlineData("#zzzzzz")]
    [InlineData("{0} {1} {2}")]
    [InlineData("%s%n")]
    [InlineData("   ")]
    [InlineData("?!")]
    [InlineData("\u202E\u200F")]
    public async Task Nonsense_does_not_throw(string text) => _ = await agents.AskAsync(text);

    [Fact]
    public async Task What_is_typed_comes_back_as_it_was()
    {
        (await agents.AskAsync("note: {0} {9} {{x}} %s")).ShouldNotBeNull().Text.ShouldContain("{0} {9} {{x}} %s");
        (await agents.AskAsync("uppercase: ```a```")).ShouldNotBeNull().Text.ShouldStartWith("````");
    }
}
