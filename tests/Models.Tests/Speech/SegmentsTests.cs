using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Workers;
using JeanTrail.Models.Speech;
using JeanTrail.Testing;
using JeanTrail.Testing.Speech;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>
/// Voice activity with the real model on speech whose borders are known. A sentence begins and ends where it rises above -30 dB of its own strength. The noise
/// is steady; speech of others and music are another matter.
/// </summary>
public sealed class SegmentsTests(SegmentsTests.OneWorker one) : IClassFixture<SegmentsTests.OneWorker>
{
    static readonly Dictionary<string, string[]> Sentences = new(StringComparer.Ordinal)
    {
        ["en-us"] = ["This morning the harbour is quiet today.", "Please bring the blue book to the table.", "Nobody knew about the old garden behind the wall."],
        ["ru"] = ["Сегодня в нашей гавани очень тихо.", "Принеси мне стакан воды."],
        ["vi"] = ["Bến cảng sáng nay yên tĩnh lắm.", "Hôm nay trời đẹp chúng ta đi dạo nhé."],
        ["ar"] = ["الميناء هادئ هذا الصباح", "أحضر لي كتابا من فضلك"],
    };

    SpeechWorker Worker => one.Worker;

    public static TheoryData<string, Noise, int, int> Mixtures()
    {
        var mixtures = new TheoryData<string, Noise, int, int>();
        foreach (var voice in Sentences.Keys)
        {
            foreach (var noise in Enum.GetValues<Noise>())
            {
                mixtures.Add(voice, noise, 20, 100);
                mixtures.Add(voice, noise, 10, 100);
                // A weak last sound is under the noise then, and nothing can hear where it ended.
                mixtures.Add(voice, noise, 5, 200);
            }
        }

        return mixtures;
    }

    [Theory]
    [MemberData(nameof(Mixtures))]
    public async Task Every_border_is_found_in_noise(string voice, Noise noise, int decibels, int withinMs)
    {
        var spoken = (await Spoken.SayAsync(voice, Sentences[voice])).With(noise, decibels, seed: decibels + (int)noise);

        var segments = await AllAsync(Worker.SegmentsAsync(Spoken.InPieces(spoken.ToPcm()), options: null, default));

        segments.Count.ShouldBe(spoken.Borders.Count, Told(segments, spoken));
        foreach (var (segment, (start, end)) in segments.Zip(spoken.Borders))
        {
            segment.Start.TotalMilliseconds.ShouldBe(start * 1000, withinMs, Told(segments, spoken));
            segment.End.TotalMilliseconds.ShouldBe(end * 1000, withinMs, Told(segments, spoken));
        }
    }

    [Theory]
    [InlineData(Noise.White)]
    [InlineData(Noise.Pink)]
    public async Task Noise_alone_is_no_speech(Noise noise)
    {
        var spoken = (await Spoken.SayAsync("en-us", Sentences["en-us"])).With(noise, decibels: -60, seed: 3);

        (await AllAsync(Worker.SegmentsAsync(Spoken.InPieces(spoken.ToPcm()), options: null, default))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_segment_is_told_while_the_audio_still_comes()
    {
        var spoken = await Spoken.SayAsync("en-us", Sentences["en-us"]);
        var pcm = spoken.ToPcm();
        // Until the first sentence has been told no more comes than the pause after it.
        var cut = (int)((spoken.Borders[0].End + 0.5) * Spoken.SampleRate) * sizeof(short);
        var told = new TaskCompletionSource();

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Audio()
        {
            yield return pcm.AsMemory(0, cut);
            await told.Task.WaitAsync(TimeSpan.FromMinutes(1));
            yield return pcm.AsMemory(cut);
        }

        var segments = new List<SpeechSegment>();
        await foreach (var segment in Worker.SegmentsAsync(Audio(), options: null, default))
        {
            segments.Add(segment);
            told.TrySetResult();
        }

        segments.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Shorter_pauses_split_where_that_is_asked()
    {
        var spoken = await Spoken.SayAsync("en-us", Sentences["en-us"]);

        var whole = await AllAsync(Worker.SegmentsAsync(Spoken.InPieces(spoken.ToPcm()), new SegmentOptions(MinSilence: TimeSpan.FromSeconds(2)), default));

        whole.ShouldHaveSingleItem();
        whole[0].Start.TotalSeconds.ShouldBe(spoken.Borders[0].Start, 0.1);
        whole[0].End.TotalSeconds.ShouldBe(spoken.Borders[^1].End, 0.1);
    }

    [Fact]
    public async Task Speech_that_goes_on_to_the_last_sample_ends_there()
    {
        var spoken = await Spoken.SayAsync("en-us", Sentences["en-us"]);
        var pcm = spoken.ToPcm()[..((int)((spoken.Borders[1].Start + 1) * Spoken.SampleRate) * sizeof(short) - 1)];

        var segments = await AllAsync(Worker.SegmentsAsync(Spoken.InPieces(pcm), options: null, default));

        segments.Count.ShouldBe(2);
        segments[1].End.TotalSeconds.ShouldBe(spoken.Borders[1].Start + 1, 0.1);
    }

    [Theory]
    [InlineData(7.0, null)]
    [InlineData(null, -1.0)]
    public async Task What_makes_no_sense_is_said(double? threshold, double? silence)
    {
        var options = new SegmentOptions(threshold, MinSilence: silence is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

        (await Should.ThrowAsync<LocalModelException>(() => AllAsync(Worker.SegmentsAsync(Spoken.InPieces(new byte[4000]), options, default)))).Error.Code.ShouldBe("models.request_invalid");
        Worker.Status.State.ShouldBe(WorkerState.Ready);
    }

    [Fact]
    public async Task Audio_that_breaks_ends_the_call_with_its_own_error_and_the_worker_lives_on()
    {
        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Broken()
        {
            yield return new byte[32_000];
            await Task.Yield();
            throw new InvalidDataException("The line is dead.");
        }

        (await Should.ThrowAsync<InvalidDataException>(() => AllAsync(Worker.SegmentsAsync(Broken(), options: null, default)))).Message.ShouldBe("The line is dead.");
        await Eventually.BeTrueAsync(() => Worker.Running == 0);
        (await AllAsync(Worker.SegmentsAsync(Spoken.InPieces(new byte[64_000]), options: null, default))).ShouldBeEmpty();
        Worker.Status.Starts.ShouldBe(1);
    }

    [Fact]
    public async Task A_microphone_that_is_left_open_is_closed_by_who_leaves()
    {
        var asked = 0;
        using var leave = new CancellationTokenSource();

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
        {
            while (true)
            {
                asked++;
                yield return new byte[3200];
                await Task.Delay(TimeSpan.FromMilliseconds(1), cancel);
            }
        }

        var call = AllAsync(Worker.SegmentsAsync(Endless(), options: null, leave.Token));
        await Eventually.BeTrueAsync(() => Volatile.Read(ref asked) > 30);
        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        var atTheEnd = asked;
        (await AllAsync(Worker.SegmentsAsync(Spoken.InPieces(new byte[64_000]), options: null, default))).ShouldBeEmpty();
        asked.ShouldBe(atTheEnd);
        Worker.Status.Starts.ShouldBe(1);
    }

    [Fact]
    public async Task Audio_is_read_no_further_ahead_than_the_worker_follows()
    {
        await using var workers = new SpeechWorkers();
        var worker = workers.Activity();
        await worker.LoadAsync(default);
        using var stop = System.Diagnostics.Process.Start("kill", ["-STOP", $"{worker.Status.ProcessId}"]);
        await stop.WaitForExitAsync();
        var asked = 0;

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Audio()
        {
            while (asked < 200)
            {
                asked++;
                await Task.Yield();
                yield return new byte[3200];
            }
        }

        var call = AllAsync(worker.SegmentsAsync(Audio(), options: null, default));
        await Eventually.BeTrueAsync(() => Volatile.Read(ref asked) >= 9);
        // What would run ahead would be through all of it in this time.
        await Task.Delay(TimeSpan.FromMilliseconds(300));
        asked.ShouldBe(9, "eight are on the way, and one waits");
        using var go = System.Diagnostics.Process.Start("kill", ["-CONT", $"{worker.Status.ProcessId}"]);
        await go.WaitForExitAsync();
        await call;
        asked.ShouldBe(200);
    }

    static string Told(IEnumerable<SpeechSegment> segments, Spoken spoken)
        => $"heard {string.Join(' ', segments.Select(one => $"{one.Start.TotalSeconds:0.00}-{one.End.TotalSeconds:0.00}"))}, said {string.Join(' ', spoken.Borders.Select(one => $"{one.Start:0.00}-{one.End:0.00}"))}";

    public sealed class OneWorker : IAsyncLifetime
    {
        readonly SpeechWorkers workers = new();

        internal SpeechWorker Worker { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Worker = workers.Activity();
            await Worker.LoadAsync(default);
        }

        public Task DisposeAsync() => workers.DisposeAsync().AsTask();
    }
}
