using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Tests;

public sealed class LanguageTests(AgentsFixture agents) : IClassFixture<AgentsFixture>
{
    [Theory]
    [InlineData("ru", "2+2", "ru")]
    [InlineData("ar", "2+2", "ar")]
    [InlineData("vi", "sqrt(16)", "vi")]
    [InlineData("vi", "what time is it", "en")]
    [InlineData("ar", "сколько времени", "ru")]
    [InlineData("en", "mấy giờ rồi", "vi")]
    [InlineData("en", "may gio roi", "vi")]
    [InlineData("ru", "كم الساعة", "ar")]
    public async Task The_answer_is_in_the_language_of_the_request(string interfaceLanguage, string text, string expected)
        => (await agents.AskAsync(text, interfaceLanguage)).ShouldNotBeNull().Language.ShouldBe(expected);

    [Theory]
    [InlineData("1.234", "en", "1.234 + 1", "2.234")]
    [InlineData("1.234", "vi", "1.234 + 1 bằng mấy", "1.235")]
    [InlineData("1,5", "ru", "1,5 + 1 сколько будет", "2,5")]
    [InlineData("1,500", "en", "1,500 + 1", "1,501")]
    [InlineData("٣٫٥", "ar", "احسب ٣٫٥ + ١", "٤٫٥")]
    public async Task Decimal_signs_follow_the_language(string what, string language, string text, string expected)
        => (await agents.AskAsync(text, language)).ShouldNotBeNull(what).Text.ShouldContain($"**{expected}**");

    [Theory]
    [InlineData("hoà", "hòa")]
    [InlineData("thuỷ", "thủy")]
    [InlineData("ma\u0302\u0301y", "mấy")]
    [InlineData("tie\u0302\u0301ng", "tiếng")]
    public void Vietnamese_is_one_however_it_is_typed(string one, string other)
        => Lexer.Read(one).Tokens[0].Exact.ShouldBe(Lexer.Read(other).Tokens[0].Exact);

    [Theory]
    [InlineData("مَرْحَبًا", "مرحبا")]
    [InlineData("أحمــد", "احمد")]
    [InlineData("ещё", "еще")]
    [InlineData("и\u0306од", "йод")]
    [InlineData("TOKYO", "tokyo")]
    public void Marks_and_case_do_not_matter(string one, string other)
        => Lexer.Read(one).Tokens[0].Plain.ShouldBe(Lexer.Read(other).Tokens[0].Plain);

    [Fact]
    public async Task A_word_typed_with_other_marks_is_another_word()
        => (await agents.AskAsync("bạc", "vi")).ShouldBeNull();

    [Theory]
    [InlineData("en", "language model")]
    [InlineData("ar", "نموذج لغوي")]
    [InlineData("vi", "mô hình ngôn ngữ")]
    [InlineData("ru", "языковая модель")]
    public void Declining_is_honest_and_offers_a_way_on(string language, string words)
    {
        var text = language switch { "ar" => "اكتب رواية", "vi" => "viết tiểu thuyết", "ru" => "напиши роман", _ => "write a novel" };
        var reply = agents.Engine.Decline(new Contracts.Agents.SkillRequest(agents.NewUser(), text, "en", null, []));

        reply.SkillId.ShouldBe("none");
        reply.Language.ShouldBe(language);
        reply.Text.ShouldContain(words);
        reply.Actions.ShouldNotBeNull().ShouldContain(action => action.Kind == "connect-model");
    }
}
