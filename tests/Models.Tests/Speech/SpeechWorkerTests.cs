using System.Runtime.InteropServices;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Workers;
using JeanTrail.Models.Speech;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Recognisers and voices of our own making in the real engine.</summary>
public sealed class SpeechWorkerTests : IAsyncDisposable
{
    readonly SpeechWorkers workers = new();

    public ValueTask DisposeAsync() => workers.DisposeAsync();

    [Fact]
    public async Task Each_stretch_of_speech_is_written_down_where_it_was_said()
    {
        var worker = workers.Recogniser();
        var spoken = await Spoken.SayAsync("en-us", "The harbour is quiet this morning.", "Please bring the blue book.");

        var texts = await AllAsync(worker.TranscribeAsync(Spoken.InPieces(spoken.ToPcm()), default));

        texts.Count.ShouldBe(2);
        foreach (var (text, (start, end)) in texts.Zip(spoken.Borders))
        {
            text.Start.TotalSeconds.ShouldBe(start - 0.15, 0.1);
            text.End.TotalSeconds.ShouldBe(end + 0.15, 0.1);
            text.Text.ShouldMatch("^[a-w]{5,}$");
        }

        texts[0].Text.ShouldNotBe(texts[1].Text);
        (await AllAsync(worker.TranscribeAsync(Spoken.InPieces(spoken.ToPcm(), 100_000), default))).ShouldBe(texts, "the same audio in other pieces is the same speech");
    }

    [Fact]
    public async Task A_voice_says_each_letter_as_it_was_made_to_sentence_by_sentence()
    {
        var worker = workers.Voice();
        var about = await worker.LoadAsync(default);
        about.GetProperty("speakers").GetInt32().ShouldBe(2);

        var pieces = await AllAsync(worker.SpeakAsync(new SynthesisRequest("Aaaaa. Hhhhh."), default));

        pieces.ShouldAllBe(piece => piece.SampleRate == TinySpeech.SampleRate && piece.Samples.Length <= 16 * 1024);
        var samples = pieces.SelectMany(piece => MemoryMarshal.Cast<byte, short>(piece.Samples.Span).ToArray()).ToArray();
        samples.Length.ShouldBe(12 * TinySpeech.LetterSamples);
        ToneOf(samples.AsSpan(0, 4 * TinySpeech.LetterSamples)).ShouldBe(TinySpeech.ToneOf('a'), 5);
        ToneOf(samples.AsSpan(6 * TinySpeech.LetterSamples, 4 * TinySpeech.LetterSamples)).ShouldBe(TinySpeech.ToneOf('h'), 5);
    }

    [Fact]
    public async Task Who_has_heard_enough_stops_the_voice_and_the_next_is_served_at_once()
    {
        var worker = workers.Voice();
        var text = string.Concat(Enumerable.Repeat("A long sentence that says nothing new. ", 400));
        var heard = 0;
        await foreach (var piece in worker.SpeakAsync(new SynthesisRequest(text), default))
        {
            if (++heard == 3)
                break;
        }

        await Eventually.BeTrueAsync(() => worker.Running == 0);
        (await AllAsync(worker.SpeakAsync(new SynthesisRequest("ok."), default))).Sum(piece => piece.Samples.Length).ShouldBe(3 * TinySpeech.LetterSamples * sizeof(short));
        worker.Status.Starts.ShouldBe(1);
    }

    [Fact]
    public async Task A_slow_listener_makes_only_its_own_voice_wait()
    {
        var worker = workers.Voice();
        var text = string.Concat(Enumerable.Repeat("A sentence of some length. ", 60));
        var slow = worker.SpeakAsync(new SynthesisRequest(text), default).GetAsyncEnumerator();
        (await slow.MoveNextAsync()).ShouldBeTrue();

        (await AllAsync(worker.SpeakAsync(new SynthesisRequest("quick."), default))).ShouldNotBeEmpty();

        var bytes = slow.Current.Samples.Length;
        while (await slow.MoveNextAsync())
            bytes += slow.Current.Samples.Length;
        await slow.DisposeAsync();
        bytes.ShouldBe(60 * "A sentence of some length.".Length * TinySpeech.LetterSamples * sizeof(short), "all of it comes when it is read");
    }

    [Fact]
    public async Task A_text_without_a_full_stop_can_be_left_in_the_middle_too()
    {
        var worker = workers.Voice();
        var text = string.Concat(Enumerable.Repeat("and on and on, ", 1000));
        var pieces = worker.SpeakAsync(new SynthesisRequest(text), default).GetAsyncEnumerator();
        (await pieces.MoveNextAsync()).ShouldBeTrue();
        await pieces.DisposeAsync();
        await Eventually.BeTrueAsync(() => worker.Running == 0);

        // Each letter is a tenth of a second: nothing of the piece lost but the spaces it was cut at.
        var bytes = (await AllAsync(worker.SpeakAsync(new SynthesisRequest(text[..900]), default))).Sum(piece => piece.Samples.Length);
        (bytes / sizeof(short) / TinySpeech.LetterSamples).ShouldBeInRange(893, 899);
    }

    [Theory]
    [InlineData("", 0, 1.0)]
    [InlineData("Привет", 0, 1.0)]
    [InlineData("a", 2, 1.0)]
    [InlineData("a", 0, 9.0)]
    public async Task What_cannot_be_said_is_refused(string text, int speaker, double speed)
        => (await Should.ThrowAsync<LocalModelException>(() => AllAsync(workers.Voice().SpeakAsync(new SynthesisRequest(text, Speaker: speaker, Speed: speed), default))))
            .Error.Code.ShouldBe("models.request_invalid");

    [Fact]
    public async Task A_voice_does_not_listen()
        => (await Should.ThrowAsync<LocalModelException>(() => AllAsync(workers.Voice().TranscribeAsync(Spoken.InPieces(new byte[3200]), default)))).Error.Code.ShouldBe("models.request_invalid");

    [Fact]
    public async Task A_worker_killed_in_the_middle_ends_the_call_with_a_reason_and_is_there_again()
    {
        var worker = workers.Activity();
        var spoken = await Spoken.SayAsync("en-us", "The harbour is quiet this morning.", "Please bring the blue book.");
        var pcm = spoken.ToPcm();

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Audio([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
        {
            yield return pcm.AsMemory(0, pcm.Length - 10_000);
            await Task.Delay(Timeout.Infinite, cancel);
        }

        var segments = worker.SegmentsAsync(Audio(), options: null, default).GetAsyncEnumerator();
        (await segments.MoveNextAsync()).ShouldBeTrue();
        await KillAsync(worker);

        (await Should.ThrowAsync<LocalModelException>(async () =>
        {
            while (await segments.MoveNextAsync())
            {
            }
        })).Error.Code.ShouldBe("models.lost");
        await segments.DisposeAsync();
        (await AllAsync(worker.SegmentsAsync(Spoken.InPieces(pcm), options: null, default))).Count.ShouldBe(2);
        worker.Status.Starts.ShouldBe(2);
    }

    [Fact]
    public async Task One_that_keeps_ending_is_stopped_and_that_is_said()
    {
        var worker = workers.Activity();
        await worker.LoadAsync(default);
        for (var i = 0; i < 5; i++)
        {
            // It is started again by itself; on a busy machine five calls would take longer than the time in which five ends are a loop.
            await Eventually.BeTrueAsync(() => worker.Status.State == WorkerState.Ready);
            await KillAsync(worker);
        }

        await Eventually.BeTrueAsync(() => worker.Status.State == WorkerState.CrashLoop);
        (await Should.ThrowAsync<LocalModelException>(() => worker.LoadAsync(default))).Error.Code.ShouldBe("models.engine_failing");
    }

    [Fact]
    public async Task A_model_that_is_none_is_refused()
    {
        var folder = TinySpeech.WriteVoice(workers.Place, "broken");
        var model = SpeechFolders.Find(workers.Place, "broken")!;
        File.WriteAllText(Path.Combine(folder, "model.onnx"), "This is no model at all.");

        (await Should.ThrowAsync<LocalModelException>(() => workers.Start(model).LoadAsync(default))).Error.Code
            .ShouldBeOneOf("models.unreadable", "models.lost", "models.engine_failing");
    }

    /// <summary>In hertz, by how often the wave crosses zero upwards.</summary>
    static double ToneOf(ReadOnlySpan<short> samples)
    {
        var crossings = 0;
        for (var at = 1; at < samples.Length; at++)
        {
            if (samples[at - 1] < 0 && samples[at] >= 0)
                crossings++;
        }

        return crossings * (double)TinySpeech.SampleRate / samples.Length;
    }
}
