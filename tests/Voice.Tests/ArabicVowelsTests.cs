using JeanTrail.VoiceWorker;

namespace JeanTrail.Voice.Tests;

public sealed class ArabicVowelsTests
{
    [Theory]
    [InlineData("مكتب", "مَكتَب")]
    [InlineData("كتب", "كَتَب")]
    [InlineData("مكتوب", "مَكتوب")]
    [InlineData("كتاب", "كَتاب")]
    [InlineData("مدرسة", "مَدرَسة")]
    [InlineData("بيت", "بيت")]
    public void Syllables_are_set_so_that_no_two_consonants_begin_and_no_three_meet(string word, string expected)
        => ArabicVowels.SetVowels(word).ShouldBe(expected);

    [Fact]
    public void A_word_with_vowels_of_its_own_is_left_alone()
        => ArabicVowels.Complete("قَمَرٌ", _ => "qmr").ShouldBe("قَمَرٌ");

    [Fact]
    public void A_word_that_the_voice_can_say_is_left_to_it()
        => ArabicVowels.Complete("القمر", _ => "ʔalqˈamar").ShouldBe("القمر");

    [Fact]
    public void A_word_that_it_cannot_say_gets_vowels_and_keeps_its_article()
        => ArabicVowels.Complete("المصنع", _ => "ʔalmsnʕ").ShouldBe("المَصنَع");

    [Theory]
    [InlineData("ʔalqˈamar", true)]
    [InlineData("bˈint", true)]
    [InlineData("mrħbaː", false)]
    [InlineData("smk", false)]
    [InlineData("ʔalmsnʕ", false)]
    [InlineData("wa", true)]
    [InlineData("b", true)]
    public void Clusters_that_nobody_can_say_are_recognised(string ipa, bool sayable) => ArabicVowels.IsSayable(ipa).ShouldBe(sayable);
}
