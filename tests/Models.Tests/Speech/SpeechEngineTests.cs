using System.Runtime.InteropServices;
using JeanTrail.Contracts.Models;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Models.Fit;
using JeanTrail.Models.Library;
using JeanTrail.Models.Running;
using JeanTrail.Models.Speech;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Local speech as other modules ask for it, in the whole server.</summary>
public sealed class SpeechEngineTests(LocalServer server) : IClassFixture<LocalServer>
{
    IServiceProvider Services => server.Host.Services;

    ILocalSpeech Speech => Services.GetRequiredService<ILocalSpeech>();

    async Task<string> PlaceAsync() => await Services.GetRequiredService<ModelFolder>().GetAsync(default);

    SpeechEngine NewEngine(TimeSpan idleUnload, string? program = null) => new(
        Services.GetRequiredService<ModelFolder>(), Services.GetRequiredService<IMachineMemory>(),
        new WorkerLocation(Options.Create(new ModelsOptions { SpeechWorkerPath = program })),
        Options.Create(new ModelsOptions { Threads = 1, IdleUnload = idleUnload }), TimeProvider.System, NullLogger<SpeechEngine>.Instance);

    static async Task<string> CodeOfAsync(Func<Task> call) => (await Should.ThrowAsync<LocalModelException>(call)).Error.Code;

    [Fact]
    public async Task Models_are_listed_with_what_they_are_for_and_speak_and_listen()
    {
        TinySpeech.WriteVoice(await PlaceAsync(), "listed-voice");
        TinySpeech.WriteRecogniser(await PlaceAsync(), "listed-ear");

        var models = (await Speech.ListAsync(default)).ToDictionary(model => model.Name);
        (models["listed-voice"].Purpose, models["listed-voice"].Kind).ShouldBe((SpeechPurpose.Voice, "vits"));
        (models["listed-ear"].Purpose, models["listed-ear"].Kind).ShouldBe((SpeechPurpose.Recogniser, "sense-voice"));
        models["listed-ear"].SizeBytes.ShouldBeGreaterThan(50_000);
        (await Services.GetRequiredService<IModelAdministration>().ListAsync(default)).ShouldContain(model => model.Name == "listed-voice" && model.Purpose == "voice");

        // As the request of a person does, who has no rows of models.
        using var person = RowScope.Of(UserId.From(Guid.CreateVersion7()));
        (await Speech.ListAsync(default)).ShouldNotBeEmpty();
        var spoken = await AllAsync(Speech.SpeakAsync("listed-voice", new SynthesisRequest("Hello."), default));
        spoken.Sum(piece => piece.Samples.Length).ShouldBe(6 * TinySpeech.LetterSamples * sizeof(short));
        var said = await Spoken.SayAsync("en-us", "The harbour is quiet this morning.");
        (await AllAsync(Speech.TranscribeAsync("listed-ear", Spoken.InPieces(said.ToPcm()), default))).ShouldHaveSingleItem().Text.ShouldNotBeEmpty();
        (await AllAsync(Speech.SegmentsAsync(Spoken.InPieces(said.ToPcm()), options: null, default))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_is_not_there_or_not_made_for_it_is_said()
    {
        TinySpeech.WriteVoice(await PlaceAsync(), "only-voice");

        (await CodeOfAsync(() => AllAsync(Speech.SpeakAsync("nobody", new SynthesisRequest("x"), default)))).ShouldBe("models.unknown");
        (await CodeOfAsync(() => AllAsync(Speech.SpeakAsync("../../etc", new SynthesisRequest("x"), default)))).ShouldBe("models.unknown");
        (await CodeOfAsync(() => AllAsync(Speech.TranscribeAsync("only-voice", Spoken.InPieces([]), default)))).ShouldBe("models.wrong_purpose");
        await using var nowhere = NewEngine(TimeSpan.FromMinutes(1), "/nowhere/main.js");
        (await CodeOfAsync(() => AllAsync(nowhere.SegmentsAsync(Spoken.InPieces([]), options: null, default)))).ShouldBe("models.engine_missing");
        (await nowhere.ListAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_model_for_which_there_is_no_memory_is_refused()
    {
        TinySpeech.WriteVoice(await PlaceAsync(), "too-large");
        server.Machine.AvailableBytes = 1L << 20;
        try
        {
            (await CodeOfAsync(() => AllAsync(Speech.SpeakAsync("too-large", new SynthesisRequest("x"), default)))).ShouldBe("models.does_not_fit");
        }
        finally
        {
            server.Machine.AvailableBytes = 8L << 30;
        }
    }

    [Fact]
    public async Task Who_is_idle_gives_the_memory_back_and_who_works_does_not()
    {
        await using var engine = NewEngine(TimeSpan.FromMilliseconds(50));
        var open = new TaskCompletionSource();

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Waiting()
        {
            yield return new byte[3200];
            await open.Task;
        }

        var call = AllAsync(engine.SegmentsAsync(Waiting(), options: null, default));
        await Eventually.BeTrueAsync(() => engine.Loaded is [{ Running: 1 }]);
        await engine.UnloadIdleAsync();
        engine.Loaded.Count.ShouldBe(1);
        open.SetResult();
        (await call).ShouldBeEmpty();

        await Eventually.BeTrueAsync(async () =>
        {
            await engine.UnloadIdleAsync();
            return engine.Loaded.Count == 0;
        });
        (await AllAsync(engine.SegmentsAsync(Spoken.InPieces(new byte[3200]), options: null, default))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_files_under_the_same_name_are_another_model()
    {
        var folder = TinySpeech.WriteVoice(await PlaceAsync(), "changing");
        await AllAsync(Speech.SpeakAsync("changing", new SynthesisRequest("A."), default));

        File.Move(Path.Combine(folder, "model.onnx"), Path.Combine(folder, "other.onnx"));
        var samples = (await AllAsync(Speech.SpeakAsync("changing", new SynthesisRequest("Ab."), default))).SelectMany(piece => MemoryMarshal.Cast<byte, short>(piece.Samples.Span).ToArray());
        samples.Count().ShouldBe(3 * TinySpeech.LetterSamples);
        Directory.Delete(folder, recursive: true);
        (await CodeOfAsync(() => AllAsync(Speech.SpeakAsync("changing", new SynthesisRequest("a"), default)))).ShouldBe("models.unknown");
    }
}
