using JeanTrail.Contracts.Voice;
using JeanTrail.Voice.Audio;
using JeanTrail.Voice.Faces;
using JeanTrail.Voice.Speaking;

namespace JeanTrail.Voice.Tests;

public sealed class FaceTests
{
    [Theory]
    [InlineData("", "sil")]
    [InlineData("ˈoʊ", "O U")]
    [InlineData("ɑːɹ", "aa RR")]
    [InlineData("dʒ", "CH")]
    [InlineData("tˤ", "DD")]
    [InlineData("s̪", "SS")]
    [InlineData("ʲ", "")]
    [InlineData("aɪə", "aa I E")]
    [InlineData("kʰ", "kk")]
    [InlineData("əɪ4", "E I")]
    public void Each_sound_has_its_shape_and_marks_have_none(string ipa, string expected)
        => string.Join(' ', IpaVisemes.Of(ipa, symbol => Assert.Fail($"{symbol} is not mapped."))).ShouldBe(expected);

    [Fact]
    public void An_unknown_symbol_is_reported_and_passed_over()
    {
        var unknown = new List<char>();
        IpaVisemes.Of("a⊕", unknown.Add).ShouldBe(["aa"]);
        unknown.ShouldBe(['⊕']);
    }

    [Fact]
    public void A_diphthong_shares_its_time_and_a_modifier_lengthens_what_stands_before_it()
    {
        PhonemeMark[] marks = [new(10, "p"), new(50, "ʲ"), new(70, "aʊ"), new(170, "")];
        var track = VisemeTrack.Make(marks, new short[22050 / 5], 22050, shiftMs: 10, durationMs: 200);
        track.Select(viseme => (viseme.AtMs, viseme.DurationMs, viseme.Viseme))
            .ShouldBe([(0, 60, "PP"), (60, 50, "aa"), (110, 50, "U"), (160, 40, "sil")]);
    }

    [Theory]
    [InlineData("en", "The file is in the folder.", "neutral")]
    [InlineData("en", "That is great news!", "happy")]
    [InlineData("en", "That is not great.", "neutral")]
    [InlineData("en", "I am sorry, it did not work.", "sad")]
    [InlineData("en", "Don't worry, it is fine.", "relaxed")]
    [InlineData("en", "What?!", "surprised")]
    [InlineData("en", "It was done 😢", "sad")]
    [InlineData("ar", "هذا رائع!", "happy")]
    [InlineData("ar", "للأسف لم ينجح الأمر.", "sad")]
    [InlineData("vi", "Xin lỗi, tôi không làm được.", "sad")]
    [InlineData("vi", "Thật tuyệt vời!", "happy")]
    [InlineData("vi", "Tôi không vui.", "neutral")]
    [InlineData("ru", "К сожалению, файла нет.", "sad")]
    [InlineData("ru", "Замечательная новость.", "happy")]
    [InlineData("ru", "Это невероятно!", "surprised")]
    [InlineData("ru", "Файл в папке.", "neutral")]
    public void The_face_follows_clear_words_and_marks_only(string language, string text, string expected)
        => ExpressionTrack.Make(text, language, []).ShouldHaveSingleItem().Name.ShouldBe(expected);

    [Fact]
    public void The_face_changes_where_the_sentence_that_changes_it_begins()
    {
        const string text = "It is here. Wonderful! It is done.";
        TimedWord[] words = [new(0, 0, 2), new(900, 12, 9), new(1800, 23, 2)];
        ExpressionTrack.Make(text, "en", words).Select(expression => (expression.AtMs, expression.Name))
            .ShouldBe([(0, "neutral"), (900, "happy"), (1800, "neutral")]);
    }

    [Fact]
    public void Loud_audio_is_bent_and_never_clipped_and_silence_is_cut()
    {
        var loudness = new Loudness();
        var samples = new short[22050];
        for (var i = 4410; i < 13230; i++)
            samples[i] = (short)(32000 * Math.Sin(i / 20.0));
        var (audio, shift) = loudness.Shape(samples, 22050, "test");
        shift.ShouldBeInRange(185, 191);
        audio.Length.ShouldBeInRange(8820 + 2600, 8820 + 3000);
        audio.Max(sample => Math.Abs((int)sample)).ShouldBeLessThan(32000);
        loudness.GainOf("test").ShouldBeLessThan(1);
        var quiet = samples.Select(sample => (short)(sample / 30)).ToArray();
        Loudness.Energy(loudness.Shape(quiet, 22050, "test").Audio).ShouldBeGreaterThan(Loudness.Energy(quiet) * 4);
        var extreme = new[] { short.MinValue, short.MaxValue };
        Loudness.Apply(extreme, 3);
        extreme.ShouldAllBe(sample => sample > -32700 && sample < 32700);
        loudness.Shape(new short[1000], 22050, "test").Audio.ShouldBeEmpty();
    }
}
