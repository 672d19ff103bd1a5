using System.Runtime.CompilerServices;
using JeanTrail.Contracts.Models;
using JeanTrail.Models.Speech;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;
using Microsoft.Extensions.DependencyInjection;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Recordings that are read and people who speak, at the same model at the same time.</summary>
public sealed class LiveAndWholeTests : IAsyncLifetime
{
    /// <summary>As many as one process of a model takes.</summary>
    const int Recordings = 4;

    readonly LocalServer server = new();
    ILocalSpeech Speech => server.Host.Services.GetRequiredService<ILocalSpeech>();

    SpeechEngine Engine => server.Host.Services.GetRequiredService<SpeechEngine>();

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    /// <summary>A recording that is said once, and again until a test has seen enough: its reading ends no sooner.</summary>
    static async IAsyncEnumerable<ReadOnlyMemory<byte>> EndlessAsync(byte[] pcm, Task enough, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        do
        {
            await foreach (var piece in Spoken.InPieces(pcm, 16_000, cancel))
                yield return piece;
        }
        while (!enough.IsCompleted);
    }

    [Fact]
    public async Task Who_speaks_is_written_down_while_recordings_are_still_being_read()
    {
        TinyListening.WriteTransducer(server.Place, "both");
        var pcm = (await Spoken.SayAsync("en-us", "The harbour is quiet this morning.")).ToPcm();
        var enough = new TaskCompletionSource();
        var recordings = Enumerable.Range(0, Recordings).Select(_ => AllAsync(Speech.TranscribeAsync("both", EndlessAsync(pcm, enough.Task), default))).ToList();
        await Eventually.BeTrueAsync(() => Engine.Loaded.Any(worker => worker.Running == Recordings));

        var heard = await AllAsync(Speech.ListenAsync("both", Spoken.InPieces(pcm), default));

        heard.ShouldContain(one => one.Final);
        recordings.ShouldAllBe(one => !one.IsCompleted);
        Engine.Loaded.Select(worker => worker.Status.ProcessId).Distinct().Count().ShouldBe(2);
        enough.SetResult();
        foreach (var recording in recordings)
            (await recording)[0].Text.ShouldBe(heard.First(one => one.Final).Text, "both are the same model");
    }

    [Fact]
    public async Task A_dictation_is_cleaned_while_recordings_still_are()
    {
        TinyDenoiser.Write(server.Place, "clean");
        var denoiser = server.Host.Services.GetRequiredService<ILocalDenoiser>();
        var pcm = (await Spoken.SayAsync("en-us", "Please bring the blue book.")).ToPcm();
        var enough = new TaskCompletionSource();
        var recordings = Enumerable.Range(0, Recordings).Select(_ => AllAsync(denoiser.CleanAsync(EndlessAsync(pcm, enough.Task), live: false, default))).ToList();
        await Eventually.BeTrueAsync(() => Engine.Loaded.Any(worker => worker.Running == Recordings));

        (await AllAsync(denoiser.CleanAsync(Spoken.InPieces(pcm), live: true, default))).Sum(piece => piece.Length).ShouldBe(pcm.Length);

        recordings.ShouldAllBe(one => !one.IsCompleted);
        enough.SetResult();
        await Task.WhenAll(recordings);
    }

    [Fact]
    public async Task Where_there_is_memory_for_one_process_only_they_share_it()
    {
        TinyListening.WriteCtc(server.Place, "small");
        var pcm = (await Spoken.SayAsync("en-us", "Please bring the blue book.")).ToPcm();
        var read = await AllAsync(Speech.TranscribeAsync("small", Spoken.InPieces(pcm), default));
        server.Machine.AvailableBytes = 1L << 20;

        var heard = await AllAsync(Speech.ListenAsync("small", Spoken.InPieces(pcm), default));

        heard.Where(one => one.Final).Select(one => one.Text).ShouldBe(read.Select(one => one.Text));
        Engine.Loaded.ShouldHaveSingleItem();
        // And the model's end is the end of both.
        await Engine.UnloadAsync("small");
        Engine.Loaded.ShouldBeEmpty();
        (await Should.ThrowAsync<LocalModelException>(() => AllAsync(Speech.ListenAsync("small", Spoken.InPieces(pcm), default)))).Error.Code.ShouldBe("models.does_not_fit");
    }
}
