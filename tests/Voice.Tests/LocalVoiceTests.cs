using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;
using JeanTrail.Voice.Faces;
using JeanTrail.Voice.Speaking;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Voice.Tests;

/// <summary>A voice model of the machine in place of the built-in voice: when it reads, and what the face does then.</summary>
public sealed class LocalVoiceTests : IAsyncDisposable
{
    readonly LocalSpeechDouble models = new();
    ServiceProvider? services;

    public async ValueTask DisposeAsync()
    {
        if (services is not null)
            await services.DisposeAsync();
    }

    async Task<Performance> PerformAsync(string text, string language = "en", string? voice = "amy", Dictionary<string, string?>? settings = null)
    {
        services ??= VoiceFixture.Build(settings ?? [], models);
        return (await services.GetRequiredService<ISpeech>().PerformAsync(
            new SpeechRequest(text, language, null, Format: AudioFormat.Pcm, LocalVoice: voice), CancellationToken.None)).Value;
    }

    /// <summary>A tone at 16 kHz, or silence.</summary>
    static short[] Sound(int ms, double amplitude = 12_000)
        => [.. Enumerable.Range(0, 16 * ms).Select(at => (short)(amplitude * Math.Sin(at * 2 * Math.PI * 200 / 16_000)))];

    static void ShouldFill(Performance performance)
    {
        var at = 0;
        foreach (var viseme in performance.Visemes)
        {
            viseme.AtMs.ShouldBe(at);
            viseme.DurationMs.ShouldBeGreaterThan(0);
            IpaVisemes.All.ShouldContain(viseme.Viseme);
            at += viseme.DurationMs;
        }

        at.ShouldBe(performance.DurationMs);
    }

    [Fact]
    public async Task Sounds_and_words_lie_between_the_same_pauses_as_in_the_built_in_voice()
    {
        // Slower than the built-in voice, with a longer pause between the sentences.
        models.Offer("amy", "en", _ => [Sound(200, 0), Sound(2000), Sound(700, 0), Sound(1000)]);
        var performance = await PerformAsync("Mama papa mama. Papa.");

        performance.FallbackCode.ShouldBeNull();
        (performance.SampleRate, performance.DurationMs).ShouldBe((16_000, 10 + 2000 + 700 + 1000 + 120));
        ShouldFill(performance);
        performance.Words.Select(word => word.Start).ShouldBe([0, 5, 10, 16]);
        performance.Words[3].AtMs.ShouldBeInRange(2550, 2800);
        performance.Words[2].AtMs.ShouldBeInRange(900, 1900);
        var pause = performance.Visemes.Where(viseme => viseme.Viseme == "sil").MaxBy(viseme => viseme.DurationMs)!;
        pause.AtMs.ShouldBeInRange(1950, 2070);
        pause.DurationMs.ShouldBeInRange(620, 780);
        performance.Visemes.Count(viseme => viseme.Viseme == "PP").ShouldBe(8, "the lips close on every m and p");
    }

    [Fact]
    public async Task Without_phonemes_the_mouth_follows_the_sound()
    {
        models.Offer("amy", null, _ => [Sound(800), Sound(800, 0), Sound(800, 3000)]);
        var performance = await PerformAsync("Hello there world.", settings: new() { ["WorkerPath"] = "/no/such/worker" });

        performance.FallbackCode.ShouldBeNull();
        ShouldFill(performance);
        string At(int ms) => performance.Visemes.Last(viseme => viseme.AtMs <= ms).Viseme;
        (At(400), At(1200), At(2000)).ShouldBe(("aa", "sil", "I"));
        performance.Visemes[^1].Viseme.ShouldBe("sil");
        performance.Words.Select(word => word.Start).ShouldBe([0, 6, 12]);
        performance.Words.Select(word => word.AtMs).ShouldBeInOrder();
    }

    [Fact]
    public async Task The_expression_comes_from_the_text_as_always()
    {
        models.Offer("amy", "en", _ => [Sound(500)]);
        (await PerformAsync("That is great news!")).Expressions.ShouldHaveSingleItem().Name.ShouldBe("happy");
    }

    [Fact]
    public async Task A_language_it_does_not_read_is_left_to_the_built_in_voice_and_that_is_no_failure()
    {
        models.Offer("amy", "en", _ => throw new InvalidOperationException("It must not be asked."));
        var performance = await PerformAsync("Привет, мой друг.", "ru");
        (performance.SampleRate, performance.FallbackCode).ShouldBe((22_050, null));
    }

    [Theory]
    [InlineData("gone", "models.unknown")]
    [InlineData("lost", "models.lost")]
    [InlineData("slow", "voice.local_slow")]
    [InlineData("silent", "voice.local_silent")]
    [InlineData("nothing", "voice.local_silent")]
    public async Task What_the_local_voice_fails_at_is_read_by_the_built_in_voice_which_says_why(string how, string code)
    {
        static IEnumerable<short[]?> Breaking()
        {
            yield return Sound(300);
            throw new LocalModelException(LocalSpeechDouble.Lost);
        }

        if (how != "gone")
        {
            models.Offer("amy", null, _ => how switch
            {
                "lost" => Breaking(),
                "slow" => [null],
                "silent" => [Sound(500, 0)],
                _ => [],
            });
        }

        var performance = await PerformAsync("Hello there.", settings: new() { ["LocalVoiceTimeout"] = "00:00:00.2" });
        (performance.SampleRate, performance.FallbackCode).ShouldBe((22_050, code));
        performance.DurationMs.ShouldBeGreaterThan(300);

        // The stream decides with its first piece: what breaks later breaks there.
        var opened = await services!.GetRequiredService<SpeechStreams>().OpenAsync(new SpeechRequest("Hello there.", "en", null, LocalVoice: "amy"), CancellationToken.None);
        await using var stream = opened.Value;
        stream.FallbackCode.ShouldBe(how is "lost" or "silent" ? null : code);
        stream.Pieces.Current.Length.ShouldBeGreaterThan(0);
    }
}
