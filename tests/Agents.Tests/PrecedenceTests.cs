namespace JeanTrail.Agents.Tests;

/// <summary>Requests that fit the phrases of more than one skill.</summary>
public sealed class PrecedenceTests(AgentsFixture agents) : IClassFixture<AgentsFixture>
{
    [Theory]
    [InlineData("time in London", "time-in-place")]
    [InlineData("how many days are in 2 weeks", "unit-conversion")]
    [InlineData("how many days until Friday", "days-until")]
    [InlineData("20% of 50", "percentage")]
    [InlineData("20% + 5", "arithmetic")]
    [InlineData("5 km to m", "unit-conversion")]
    [InlineData("5 dollars to euros", "currency")]
    [InlineData("5 pounds to kilograms", "unit-conversion")]
    [InlineData("10 in binary", "number-base")]
    [InlineData("note: remind me to rest", "note-add")]
    [InlineData("remind me to show my notes at 5pm", "reminder-set")]
    [InlineData("delete my last note", "note-delete")]
    [InlineData("flip a coin", "random")]
    [InlineData("stop the timer", "reminder-cancel")]
    [InlineData("stop", "repeat")]
    [InlineData("good night", "goodbye")]
    [InlineData("switch to dark mode", "theme")]
    [InlineData("switch to English", "language")]
    [InlineData("open the theme settings", "navigate")]
    [InlineData("open voice settings", "navigate")]
    [InlineData("shuffle: one, two, three", "pick")]
    [InlineData("reverse: one two", "text-transform")]
    [InlineData("help me decide between a and b", "pick")]
    [InlineData("what day is 1 March 2027", "date-today")]
    [InlineData("what day is it in 10 days", "date-math")]
    [InlineData("3pm London in Tokyo", "time-convert")]
    [InlineData("سعر 5 + 5", null)]
    [InlineData("كم الساعة في لندن", "time-in-place")]
    [InlineData("mấy giờ ở Paris", "time-in-place")]
    [InlineData("một ngày có bao nhiêu giờ", "unit-conversion")]
    [InlineData("сколько дней в неделе", "unit-conversion")]
    [InlineData("сколько дней до пятницы", "days-until")]
    [InlineData("напомни записать заметку в 17:00", "reminder-set")]
    [InlineData("запиши: напомнить Пете про отчёт", "note-add")]
    public async Task The_narrower_meaning_wins(string text, string? skill)
        => (await agents.AskAsync(text))?.SkillId.ShouldBe(skill, text);

    [Fact]
    public async Task A_summary_cites_the_very_sentences()
    {
        const string Body = "Bees visit flowers to collect nectar. The nectar becomes honey in the hive. Bees also carry pollen from flower to flower. Without bees many flowers would bear no fruit.";
        var text = "Summarise: " + Body;

        var reply = (await agents.AskAsync(text)).ShouldNotBeNull();

        reply.Citations.ShouldNotBeNull().ShouldNotBeEmpty();
        foreach (var citation in reply.Citations!)
        {
            text[citation.Start..citation.End].ShouldBe(citation.Quote);
            reply.Text.ShouldContain(citation.Quote);
        }
    }

    [Fact]
    public async Task An_answer_from_a_text_cites_its_place()
    {
        const string Source = "The bridge opened in 1932. It carries trains and cars. Painting it takes two years, and then it starts again because of the salt in the air above the harbour.";

        var reply = (await agents.AskAsync("according to the text, when did the bridge open?", earlier: new Contracts.Agents.SkillContext(true, Source))).ShouldNotBeNull();

        var citation = reply.Citations.ShouldNotBeNull().ShouldHaveSingleItem();
        Source[citation.Start..citation.End].ShouldBe("The bridge opened in 1932.");
    }

    [Fact]
    public async Task Settings_reach_the_client_as_actions()
    {
        (await Action("dark mode")).ShouldBe(("set-theme", "dark"));
        (await Action("switch to Russian")).ShouldBe(("set-language", "ru"));
        (await Action("speak slower")).ShouldBe(("set-speech", "slower"));
        (await Action("open the chat")).ShouldBe(("navigate", "/chat"));
        (await Action("voice settings")).ShouldBe(("open-settings", "voice"));
        (await Action("connect a model")).ShouldBe(("connect-model", null));
        (await Action("be quiet")).ShouldBe(("set-speech", "stop"));

        async Task<(string, string?)> Action(string text)
        {
            var action = (await agents.AskAsync(text)).ShouldNotBeNull(text).Actions.ShouldNotBeNull(text).ShouldHaveSingleItem();
            return (action.Kind, action.Value);
        }
    }
}
