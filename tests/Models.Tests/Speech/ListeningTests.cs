using System.Runtime.CompilerServices;
using System.Threading.Channels;
using JeanTrail.Contracts.Models;
using JeanTrail.Testing;
using JeanTrail.Testing.Speech;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Recognisers that write while one speaks: of our own making, in the real engine.</summary>
public sealed class ListeningTests : IAsyncDisposable
{
    static readonly string[] Sentences = ["The harbour is quiet this morning.", "Please bring the blue book."];

    readonly SpeechWorkers workers = new();

    public ValueTask DisposeAsync() => workers.DisposeAsync();

    /// <summary>A microphone that says something when a test lets it.</summary>
    sealed class Microphone
    {
        readonly Channel<ReadOnlyMemory<byte>> pieces = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();

        internal void Give(byte[] pcm, int from, int to)
        {
            for (var at = from; at < to; at += 6_400)
                pieces.Writer.TryWrite(pcm.AsMemory(at, Math.Min(6_400, to - at)));
        }

        internal void End() => pieces.Writer.Complete();

        internal async IAsyncEnumerable<ReadOnlyMemory<byte>> AudioAsync([EnumeratorCancellation] CancellationToken cancel = default)
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancel))
                yield return piece;
        }
    }

    /// <summary>With a pause after the first sentence that is long enough to make it final.</summary>
    static async Task<(byte[] Pcm, IReadOnlyList<(double Start, double End)> Borders)> SayAsync()
    {
        var first = await Spoken.SayAsync("en-us", Sentences[0]);
        var second = await Spoken.SayAsync("en-us", Sentences[1]);
        var shift = (double)first.Samples.Length / Spoken.SampleRate;
        return ([.. first.ToPcm(), .. second.ToPcm()], [first.Borders[0], (second.Borders[0].Start + shift, second.Borders[0].End + shift)]);
    }

    [Theory]
    [InlineData("ctc")]
    [InlineData("transducer")]
    [InlineData("paraformer")]
    public async Task Words_come_while_they_are_spoken_and_a_pause_makes_them_final(string kind)
    {
        var worker = workers.Listener(kind);
        var (pcm, borders) = await SayAsync();
        var microphone = new Microphone();
        var heard = worker.ListenAsync(microphone.AudioAsync(), default).GetAsyncEnumerator();

        // Not all of the first sentence was said, and there are words of it.
        microphone.Give(pcm, 0, (int)(borders[0].End * 32_000) / 6_400 * 6_400);
        (await heard.MoveNextAsync()).ShouldBeTrue();
        heard.Current.Final.ShouldBeFalse();
        heard.Current.Text.ShouldNotBeEmpty();
        microphone.Give(pcm, (int)(borders[0].End * 32_000) / 6_400 * 6_400, pcm.Length);
        microphone.End();
        var all = new List<HeardText> { heard.Current };
        while (await heard.MoveNextAsync())
            all.Add(heard.Current);
        await heard.DisposeAsync();

        var final = all.Where(one => one.Final).ToList();
        final.Count.ShouldBe(2);
        all[^1].Final.ShouldBeTrue("nothing is left open at the end");
        all.Count.ShouldBeGreaterThan(6);
        foreach (var (text, (start, end)) in final.Zip(borders))
        {
            // Chunks of the paraformer are 0.6 seconds long, and it does not say when a word was.
            text.Start.TotalSeconds.ShouldBeInRange(start - 1.4, end);
            text.End.TotalSeconds.ShouldBeInRange(end - 0.1, end + 1.9);
        }

        // What is written of a sentence only grows until it is final: these models do not change their mind.
        foreach (var (one, next) in all.Zip(all.Skip(1)).Where(pair => !pair.First.Final))
            next.Text.ShouldStartWith(one.Text);
        (await AllAsync(worker.TranscribeAsync(Spoken.InPieces(pcm), default))).Select(one => one.Text).ShouldBe(final.Select(one => one.Text), "a recording is written down in the same words");
    }

    [Fact]
    public async Task Silence_is_no_word()
        => (await AllAsync(workers.Listener().ListenAsync(Spoken.InPieces(new byte[32_000 * 6]), default))).ShouldBeEmpty();

    [Fact]
    public async Task Two_are_heard_at_once_and_one_that_stalls_holds_nobody_up()
    {
        var worker = workers.Listener();
        var (pcm, _) = await SayAsync();
        var stalled = new Microphone();
        stalled.Give(pcm, 0, pcm.Length / 2);
        var waiting = worker.ListenAsync(stalled.AudioAsync(), default).GetAsyncEnumerator();
        (await waiting.MoveNextAsync()).ShouldBeTrue();

        var both = await Task.WhenAll(AllAsync(worker.ListenAsync(Spoken.InPieces(pcm), default)), AllAsync(worker.ListenAsync(Spoken.InPieces(pcm, 640), default)));

        both[0].Where(one => one.Final).Select(one => one.Text).ShouldBe(both[1].Where(one => one.Final).Select(one => one.Text));
        both[0].Count(one => one.Final).ShouldBe(2);
        // It goes on where it was.
        stalled.Give(pcm, pcm.Length / 2, pcm.Length);
        stalled.End();
        var final = new List<string>();
        do
        {
            if (waiting.Current.Final)
                final.Add(waiting.Current.Text);
        }
        while (await waiting.MoveNextAsync());
        await waiting.DisposeAsync();
        final.ShouldBe(both[0].Where(one => one.Final).Select(one => one.Text));
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_frees_the_place()
    {
        var worker = workers.Listener();
        var (pcm, _) = await SayAsync();
        for (var i = 0; i < 6; i++)
        {
            var microphone = new Microphone();
            microphone.Give(pcm, 0, pcm.Length);
            await foreach (var _ in worker.ListenAsync(microphone.AudioAsync(), default))
                break;
        }

        using var cancel = new CancellationTokenSource();
        var silent = new Microphone();
        var listening = AllAsync(worker.ListenAsync(silent.AudioAsync(), cancel.Token));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => listening);
        await Eventually.BeTrueAsync(() => worker.Running == 0);
        (await AllAsync(worker.ListenAsync(Spoken.InPieces(pcm), default))).Count(one => one.Final).ShouldBe(2);
        worker.Status.Starts.ShouldBe(1);
    }

    [Fact]
    public async Task A_worker_that_is_killed_is_said_and_the_next_is_heard()
    {
        var worker = workers.Listener("transducer");
        var (pcm, _) = await SayAsync();
        var microphone = new Microphone();
        microphone.Give(pcm, 0, pcm.Length / 2);
        var heard = worker.ListenAsync(microphone.AudioAsync(), default).GetAsyncEnumerator();
        (await heard.MoveNextAsync()).ShouldBeTrue();
        await KillAsync(worker);

        (await Should.ThrowAsync<LocalModelException>(async () =>
        {
            while (await heard.MoveNextAsync())
            {
            }
        })).Error.Code.ShouldBe("models.lost");
        await heard.DisposeAsync();
        (await AllAsync(worker.ListenAsync(Spoken.InPieces(pcm), default))).Count(one => one.Final).ShouldBe(2);
    }

    [Fact]
    public async Task Who_reads_nothing_stops_the_microphone_and_loses_no_final_word()
    {
        var worker = workers.Listener();
        var (pcm, _) = await SayAsync();
        var given = 0;

        async IAsyncEnumerable<ReadOnlyMemory<byte>> EndlessAsync([EnumeratorCancellation] CancellationToken cancel = default)
        {
            for (var i = 0; i < 100; i++)
            {
                await foreach (var piece in Spoken.InPieces(pcm, 16_000, cancel))
                {
                    Interlocked.Increment(ref given);
                    yield return piece;
                }
            }
        }

        var slow = worker.ListenAsync(EndlessAsync(), default).GetAsyncEnumerator();
        (await slow.MoveNextAsync()).ShouldBeTrue();
        // What others hear meanwhile shows that the worker had the time to read on, had it been allowed to.
        var (before, rounds) = (-1, 0);
        while (Volatile.Read(ref given) != before && rounds++ < 100)
        {
            before = Volatile.Read(ref given);
            await AllAsync(worker.ListenAsync(Spoken.InPieces(pcm), default));
        }

        var all = 100 * ((pcm.Length + 15_999) / 16_000);
        before.ShouldBeLessThan(all, "the microphone waits for the reader");
        var final = 0;
        do
            final += slow.Current.Final ? 1 : 0;
        while (await slow.MoveNextAsync());
        await slow.DisposeAsync();
        final.ShouldBe(200);
    }

    [Fact]
    public async Task A_model_that_hears_only_whole_sentences_does_not_listen()
        => (await Should.ThrowAsync<LocalModelException>(() => AllAsync(workers.Recogniser().ListenAsync(Spoken.InPieces(new byte[3200]), default)))).Error.Code.ShouldBe("models.request_invalid");
}
