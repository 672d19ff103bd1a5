using System.Diagnostics;
using System.Runtime.InteropServices;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Workers;
using JeanTrail.Testing;
using JeanTrail.Voice.Audio;
using JeanTrail.Voice.Faces;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace JeanTrail.Voice.Tests;

public sealed class PerformanceTests(VoiceFixture voice, ITestOutputHelper output) : IClassFixture<VoiceFixture>
{
    async Task<Performance> PerformAsync(string text, string? language = null, string? voiceId = null, double rate = 1, double pitch = 1)
        => (await voice.Speech.PerformAsync(new SpeechRequest(text, language, voiceId, rate, pitch, AudioFormat.Pcm), CancellationToken.None)).Value;

    static short[] Samples(Performance performance) => MemoryMarshal.Cast<byte, short>(performance.Audio.Span).ToArray();

    [Theory]
    [MemberData(nameof(Corpus.Sentences), MemberType = typeof(Corpus))]
    public async Task A_sentence_is_audible_unclipped_and_as_long_as_a_person_would_take(string language, string text)
    {
        var performance = await PerformAsync(text);
        var samples = Samples(performance);
        var rms = Math.Sqrt(Loudness.Energy(samples)) / 32768;
        var peak = samples.Max(sample => Math.Abs((int)sample)) / 32768.0;
        output.WriteLine($"{language}: {performance.DurationMs} ms, RMS {20 * Math.Log10(rms):0.0} dBFS, peak {20 * Math.Log10(peak):0.0} dBFS, {performance.Visemes.Count} visemes");
        rms.ShouldBeInRange(0.05, 0.25);
        peak.ShouldBeInRange(0.2, 0.98);
        performance.SampleRate.ShouldBe(22050);
        performance.DurationMs.ShouldBe((int)(samples.Length * 1000L / 22050));
        performance.DurationMs.ShouldBeInRange(1500, 8000);
    }

    [Theory]
    [MemberData(nameof(Corpus.Sentences), MemberType = typeof(Corpus))]
    public async Task Visemes_fill_the_audio_without_gaps_and_move(string language, string text)
    {
        var performance = await PerformAsync(text, language);
        var at = 0;
        foreach (var viseme in performance.Visemes)
        {
            viseme.AtMs.ShouldBe(at);
            viseme.DurationMs.ShouldBeGreaterThan(0);
            IpaVisemes.All.ShouldContain(viseme.Viseme);
            viseme.Weight.ShouldBeInRange(0.0, 1.0);
            at += viseme.DurationMs;
        }
        at.ShouldBe(performance.DurationMs);
        performance.Visemes[^1].Viseme.ShouldBe("sil");
        performance.Visemes.Select(viseme => viseme.Viseme).Distinct().Count().ShouldBeGreaterThanOrEqualTo(5);
        performance.Visemes.Select(viseme => viseme.Weight).Distinct().Count().ShouldBeGreaterThan(5, "the weights follow the loudness");
    }

    [Fact]
    public async Task The_lips_close_on_m_and_p_where_the_audio_has_them()
    {
        var performance = await PerformAsync("Mama papa.", "en");
        performance.Visemes.Where(viseme => viseme.Viseme is not "sil").Select(viseme => viseme.Viseme)
            .ShouldBe(["PP", "aa", "PP", "aa", "PP", "aa", "PP", "E"]);
    }

    [Theory]
    [InlineData("en", "Hello 😀 **brave** new [world](https://example.org/x). See `code` 😀 again.", "Hello|brave|new|world|See|code|again")]
    [InlineData("ar", "مرحبا 😀 بك يا صديقي. ما اسمك؟", "مرحبا|بك|يا|صديقي|ما|اسمك")]
    [InlineData("vi", "Giá là 1.500.000 đồng 🎉 nhé bạn.", "Giá|là|1.500.000|đồng|nhé|bạn")]
    [InlineData("ru", "Привет 👋🏽 мой друг, это 1 500 000 рублей.", "Привет|мой|друг|это|1 500 000|рублей")]
    public async Task Words_point_at_themselves_in_the_text_of_the_request(string language, string text, string expected)
    {
        var performance = await PerformAsync(text, language);
        performance.Words.Select(word => text.Substring(word.Start, word.Length).Trim(' ', '.', ',', '؟', '*', '`', '[', ']')).ShouldBe(expected.Split('|'));
        performance.Words.Select(word => word.AtMs).ShouldBeInOrder();
        performance.Words.ShouldAllBe(word => word.AtMs <= performance.DurationMs);
    }

    [Fact]
    public async Task Every_sound_of_the_four_languages_has_a_mouth_shape()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var unknown = new SortedSet<char>();
        foreach (var (language, text) in Corpus.Texts)
        {
            var utterance = (await voice.Speaker.UnderstandAsync(new SpeechRequest(text, language, null), CancellationToken.None)).Value;
            await foreach (var part in voice.Speaker.SpeakAsync(utterance, CancellationToken.None))
                foreach (var phoneme in part.Marks?.Phonemes ?? [])
                {
                    seen.Add(phoneme.Ipa);
                    IpaVisemes.Of(phoneme.Ipa, symbol => unknown.Add(symbol)).ShouldAllBe(shape => IpaVisemes.All.Contains(shape));
                }
        }
        output.WriteLine($"{seen.Count} different phonemes: {string.Join(' ', seen.Order(StringComparer.Ordinal))}");
        seen.Count.ShouldBeGreaterThan(60);
        unknown.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0.5, 1.6, 2.4)]
    [InlineData(2, 0.4, 0.7)]
    public async Task The_rate_changes_how_long_it_takes(double rate, double atLeast, double atMost)
    {
        const string text = "This is a sentence that is long enough to be measured well.";
        var normal = await PerformAsync(text, "en");
        var changed = await PerformAsync(text, "en", rate: rate);
        ((double)changed.DurationMs / normal.DurationMs).ShouldBeInRange(atLeast, atMost);
    }

    [Fact]
    public async Task A_wished_voice_is_used_for_its_own_language_only()
    {
        const string british = "espeak/en-gb+m3";
        (await voice.Voices.ChooseAsync("en", british, CancellationToken.None)).Value.Id.ShouldBe(british);
        var arabic = (await voice.Voices.ChooseAsync("ar", british, CancellationToken.None)).Value;
        (arabic.Language, arabic.Variant).ShouldBe(("ar", "m3"));
    }

    [Fact]
    public async Task Jean_sounds_like_a_woman_unless_told_otherwise()
    {
        foreach (var language in new[] { "en", "ar", "vi", "ru" })
            (await voice.Voices.ChooseAsync(language, null, CancellationToken.None)).Value.Variant.ShouldBe("f3");
        Fundamental(Samples(await PerformAsync("Hello, how are you today my friend?", "en"))).ShouldBeInRange(150, 280);
        Fundamental(Samples(await PerformAsync("Hello, how are you today my friend?", "en", "espeak/en-us"))).ShouldBeLessThan(150);
    }

    /// <summary>Median fundamental frequency in hertz, by autocorrelation of the loud frames.</summary>
    static double Fundamental(short[] samples)
    {
        var found = new List<double>();
        for (var at = 0; at + 1000 < samples.Length; at += 2200)
        {
            if (Loudness.Energy(samples.AsSpan(at, 600)) < 2000.0 * 2000)
                continue;
            var lag = Enumerable.Range(55, 200).MaxBy(candidate => Enumerable.Range(at, 600).Sum(i => (double)samples[i] * samples[i + candidate]));
            found.Add(22050.0 / lag);
        }
        found.Sort();
        return found[found.Count / 2];
    }

    [Fact]
    public async Task Four_sentences_are_said_by_two_workers()
    {
        var made = await Task.WhenAll(Corpus.Sentences.Select(row => PerformAsync((string)row[1], (string)row[0])));
        made.ShouldAllBe(performance => performance.DurationMs > 1000);
        await Eventually.BeTrueAsync(() => voice.Workers.Pool.Workers.Count(worker => worker.State == WorkerState.Ready) == 2);
        // espeak-ng's voices tremble a little at random, so the same text takes the same time only nearly.
        var again = await Task.WhenAll(Corpus.Sentences.Select(row => PerformAsync((string)row[1], (string)row[0])));
        foreach (var (second, first) in again.Zip(made))
            ((double)second.DurationMs / first.DurationMs).ShouldBeInRange(0.95, 1.05);
    }

    [Fact]
    public async Task A_worker_killed_before_it_answers_is_not_noticed_by_the_listener()
    {
        await PerformAsync("Hello.", "en");
        foreach (var worker in voice.Workers.Pool.Workers)
            if (worker.ProcessId is { } id)
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
                await process.WaitForExitAsync();
            }
        (await PerformAsync("Hello again.", "en")).DurationMs.ShouldBeGreaterThan(300);
    }

    [Fact]
    public async Task Barge_in_ends_the_call_and_frees_the_worker()
    {
        using var source = new CancellationTokenSource();
        var text = string.Concat(Enumerable.Repeat("This goes on and on, as it was never meant to end. ", 39));
        var utterance = (await voice.Speaker.UnderstandAsync(new SpeechRequest(text, "en", null), CancellationToken.None)).Value;
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var part in voice.Speaker.SpeakAsync(utterance, source.Token))
                if (!part.Samples.IsEmpty)
                    await source.CancelAsync();
        });
        (await PerformAsync("Yes?", "en")).DurationMs.ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task A_cancelled_worker_makes_less_than_200_ms_of_audio_more()
    {
        var text = string.Concat(Enumerable.Repeat("This goes on and on, as it was never meant to end. ", 4000));
        using var worker = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "workers", "voice", "jeantrail-voice.dll")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        }).ShouldNotBeNull();
        var (input, frames) = (worker.StandardInput.BaseStream, worker.StandardOutput.BaseStream);
        FrameStream.Read(frames).ShouldNotBeNull().Type.ShouldBe(FrameType.Hello);
        var request = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { text, voice = "gmw/en-US", variant = "f3", rate = 1, pitch = 1 });
        await input.WriteAsync(FrameStream.Encode(FrameType.Call, 1, request));
        await input.FlushAsync();
        Frame frame;
        do
            frame = FrameStream.Read(frames).ShouldNotBeNull();
        while (frame.Type != FrameType.Chunk);
        await input.WriteAsync(FrameStream.Encode(FrameType.Cancel, 1, []));
        await input.FlushAsync();
        while (frame.Type is FrameType.Event or FrameType.Chunk)
            frame = FrameStream.Read(frames).ShouldNotBeNull();
        frame.Type.ShouldBe(FrameType.Result);
        using var result = System.Text.Json.JsonDocument.Parse(frame.Payload);
        result.RootElement.GetProperty("cancelled").GetBoolean().ShouldBeTrue();
        result.RootElement.GetProperty("samplesAfterCancel").GetInt64().ShouldBeLessThan(22050 / 5);
        worker.StandardInput.Close();
        await worker.WaitForExitAsync();
    }

    [Theory]
    [InlineData("Hello", "xx", null, "voice.language_unknown")]
    [InlineData("Hello", "en", "espeak/nobody", "voice.voice_unknown")]
    [InlineData("Hello", "en", "espeak/en-us+nobody", "voice.voice_unknown")]
    [InlineData("Hello", "en", "cloud/en-us", "voice.voice_unknown")]
    [InlineData("😀 ** ```", "en", null, "voice.text_empty")]
    public async Task What_cannot_be_said_is_refused_with_its_code(string text, string language, string? voiceId, string code)
        => (await voice.Speech.PerformAsync(new SpeechRequest(text, language, voiceId), CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe(code);

    [Fact]
    public async Task Broken_text_is_said_as_far_as_it_goes()
        => (await PerformAsync("Hello \uD800 wor\0ld \uDC00\u0007 [[h@l'oU]] <speak>x</speak> &amp; done", "en")).DurationMs.ShouldBeGreaterThan(500);

    [Fact]
    public async Task Without_a_worker_program_the_voice_is_unavailable_and_says_so()
    {
        await using var services = VoiceFixture.Build(new() { ["WorkerPath"] = "/no/such/worker" });
        var error = (await services.GetRequiredService<ISpeech>().PerformAsync(new SpeechRequest("Hello", "en", null), CancellationToken.None)).Error.ShouldNotBeNull();
        (error.Code, error.Status).ShouldBe(("voice.unavailable", 503));
        error.Detail.ShouldContain("/no/such/worker");
    }
}
