using JeanTrail.Contracts.Agents;
using JeanTrail.Contracts.Gateway;
using Microsoft.Extensions.AI;

namespace JeanTrail.Gateway.Tests;

public sealed class BasicTests(GatewayHost gateway) : IClassFixture<GatewayHost>
{
    [Fact]
    public async Task With_nothing_chosen_the_built_in_engine_answers_word_by_word()
    {
        var model = await gateway.OpenAsync(modelId: null);

        var streamed = await Streamed.ReadAsync(model, ScriptedSkills.Known);

        model.ModelId.ShouldBe("jean/basic");
        model.BuiltIn.ShouldBeTrue();
        streamed.Updates.Where(update => update.Text.Length > 0).Select(update => update.Text).ShouldBe(["That ", "is ", "**42**, ", "exactly."]);
        streamed.Updates[0].AdditionalProperties.ShouldNotBeNull()["jean.spoken"].ShouldBe("That is forty-two.");
        streamed.Updates[^1].FinishReason.ShouldBe(ChatFinishReason.Stop);
        var row = await gateway.UsageAsync("jean/basic");
        row.Outcome.ShouldBe("completed");
        row.ProviderId.ShouldBeNull();
    }

    [Fact]
    public async Task What_it_cannot_do_it_says_and_offers_a_way_on()
    {
        var answer = await (await gateway.OpenAsync("jean/basic")).Client.GetResponseAsync("write me a novel");

        answer.Text.ShouldBe(ScriptedSkills.Declined);
        answer.Messages.SelectMany(message => message.Contents).OfType<ClientActionContent>().ShouldHaveSingleItem().Action.Kind.ShouldBe("connect-model");
    }

    [Fact]
    public async Task The_engine_hears_the_last_message_with_what_came_before_and_where_the_person_is()
    {
        var model = await gateway.OpenAsync("jean/basic");
        ChatMessage[] conversation =
        [
            new(ChatRole.System, "You are Jean."), new(ChatRole.User, "A long story."), new(ChatRole.Assistant, "I see."), new(ChatRole.User, "Summarise that"),
        ];

        await model.Client.GetResponseAsync(conversation, new() { AdditionalProperties = new() { [ModelOptions.Language] = "ru", [ModelOptions.TimeZone] = "Europe/Moscow" } });

        var heard = gateway.Skills.Last.ShouldNotBeNull();
        heard.Text.ShouldBe("Summarise that");
        heard.UserId.ShouldBe(gateway.OwnerId);
        heard.Language.ShouldBe("ru");
        heard.TimeZone.ShouldBe("Europe/Moscow");
        heard.Earlier.ShouldBe([new SkillContext(true, "A long story."), new SkillContext(false, "I see.")]);
    }
}
