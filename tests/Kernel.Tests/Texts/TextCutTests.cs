using JeanTrail.Kernel.Texts;

namespace JeanTrail.Kernel.Tests.Texts;

public sealed class TextCutTests
{
    [Theory]
    [InlineData("quay", 9, "quay")]
    [InlineData("quay", 4, "quay")]
    [InlineData("quay", 2, "qu")]
    [InlineData("quay", 0, "")]
    [InlineData("", 0, "")]
    [InlineData("a🚢b", 2, "a")]
    [InlineData("a🚢b", 3, "a🚢")]
    [InlineData("🚢", 1, "")]
    public void A_text_is_cut_between_characters(string text, int most, string cut) => text.Cut(most).ShouldBe(cut);
}
