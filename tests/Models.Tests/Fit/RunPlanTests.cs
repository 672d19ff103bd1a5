using JeanTrail.Contracts.Models;
using JeanTrail.Models.Catalogue;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Pulls;

namespace JeanTrail.Models.Tests.Fit;

public sealed class RunPlanTests
{
    const long Giga = 1L << 30;

    static readonly ModelSize Small = new(LocalPurpose.Chat, Giga, 100_000, 32_768);

    [Fact]
    public void What_fits_gets_all_it_asked_for()
    {
        var plan = RunPlan.Choose(Small, 8192, fixedContext: false, 4, 16 * Giga).ShouldNotBeNull();

        (plan.ContextTokens, plan.Sequences).ShouldBe((8192, 4));
        plan.NeedBytes.ShouldBe(RunPlan.Need(Small, 8192, 4));
    }

    [Fact]
    public void With_less_memory_there_are_fewer_conversations_first_and_a_shorter_context_then()
    {
        RunPlan.Choose(Small, 8192, fixedContext: false, 4, RunPlan.Need(Small, 8192, 4) - 1).ShouldBe(new RunPlan(8192, 2, RunPlan.Need(Small, 8192, 2)));
        RunPlan.Choose(Small, 8192, fixedContext: false, 4, RunPlan.Need(Small, 8192, 1) - 1).ShouldBe(new RunPlan(4096, 1, RunPlan.Need(Small, 4096, 1)));
        RunPlan.Choose(Small, 8192, fixedContext: false, 4, RunPlan.Need(Small, 2048, 1) - 1).ShouldBeNull();
    }

    [Fact]
    public void The_owners_own_word_on_the_context_is_not_shortened()
        => RunPlan.Choose(Small, 8192, fixedContext: true, 4, RunPlan.Need(Small, 8192, 1) - 1).ShouldBeNull();

    [Fact]
    public void No_more_context_is_made_than_the_model_was_trained_on()
        => RunPlan.Choose(Small with { TrainContext = 4096 }, 8192, fixedContext: false, 1, 16 * Giga).ShouldNotBeNull().ContextTokens.ShouldBe(4096);

    [Fact]
    public void What_does_not_fit_says_what_would()
    {
        var error = RunPlan.DoesNotFit(RunPlan.SizeOf(ModelCatalogue.Find("qwen3-30b-a3b")!), 4 * Giga);

        error.Code.ShouldBe("models.does_not_fit");
        error.Extensions!["suggestion"].ShouldBe("qwen3-4b");
        RunPlan.DoesNotFit(RunPlan.SizeOf(ModelCatalogue.Find("qwen3-30b-a3b")!), Giga / 4).Extensions!["suggestion"].ShouldBeNull();
    }

    [Theory]
    [InlineData(64, "qwen3-30b-a3b", "qwen3-8b")]
    [InlineData(16, "qwen3-8b", "qwen3-4b")]
    [InlineData(4, "qwen3-1.7b", "qwen3-0.6b")]
    public void Two_chat_models_are_suggested_which_leave_room_for_the_rest(int gigabytes, params string[] chat)
        => ListCatalogue.Suggested(gigabytes * Giga).ShouldBe([.. chat, "qwen3-embedding-0.6b", "qwen3-reranker-0.6b"]);

    [Fact]
    public void Every_offer_can_be_named_and_fetched()
    {
        foreach (var entry in ModelCatalogue.All)
        {
            PullSource.IsName(entry.Name).ShouldBeTrue(entry.Name);
            entry.FileUrl.AbsoluteUri.ShouldEndWith(".gguf");
            entry.Licence.ShouldNotBeEmpty();
        }

        ModelCatalogue.All.Select(entry => entry.Name).ShouldBeUnique();
    }
}
