using JeanTrail.Contracts.Models;
using JeanTrail.Models.Speech;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;
using Microsoft.Extensions.DependencyInjection;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Voices and languages told apart by models of our own making, in the whole server with the real engine.</summary>
public sealed class SpeakersTests : IAsyncLifetime
{
    readonly LocalServer server = new();

    ILocalSpeakers Speakers => server.Host.Services.GetRequiredService<ILocalSpeakers>();

    SpeechEngine Engine => server.Host.Services.GetRequiredService<SpeechEngine>();

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    static IAsyncEnumerable<ReadOnlyMemory<byte>> Audio(params float[][] parts) => Spoken.InPieces(TinySpeakers.ToPcm(parts), 20_001);

    static async Task<string> CodeOfAsync(Func<Task> call) => (await Should.ThrowAsync<LocalModelException>(call)).Error.Code;

    [Fact]
    public async Task Nothing_is_told_apart_before_there_are_models_for_it()
    {
        (await Speakers.AbilitiesAsync(default)).ShouldBe(new SpeakerAbilities(Speakers: false, Voices: false, Languages: false));
        (await CodeOfAsync(() => AllAsync(Speakers.DiariseAsync(Audio(), speakers: null, default)))).ShouldBe("models.speakers_missing");
        (await CodeOfAsync(() => Speakers.EnrolAsync(Audio(), default))).ShouldBe("models.speakers_missing");
        (await CodeOfAsync(() => Speakers.LanguageOfAsync(Audio(), default))).ShouldBe("models.speakers_missing");

        TinySpeakers.WriteSegmentation(server.Place, "turns");
        (await Speakers.AbilitiesAsync(default)).Speakers.ShouldBeFalse("that somebody speaks does not tell who");
        TinySpeakers.WriteEmbedding(server.Place, "voices");
        TinySpeakers.WriteWhisper(server.Place, "whisper");
        (await Speakers.AbilitiesAsync(default)).ShouldBe(new SpeakerAbilities(Speakers: true, Voices: true, Languages: true));
        var listed = (await Engine.ListAsync(default)).ToDictionary(model => model.Name, model => (model.Purpose, model.Kind));
        listed["turns"].ShouldBe((SpeechPurpose.Speakers, "speaker-segmentation"));
        listed["voices"].ShouldBe((SpeechPurpose.Speakers, "speaker-embedding"));
    }

    [Fact]
    public async Task Who_spoke_when_is_found_also_over_the_borders_of_what_the_model_sees_at_once()
    {
        TinySpeakers.WriteSegmentation(server.Place, "turns");
        TinySpeakers.WriteEmbedding(server.Place, "voices");

        var turns = await AllAsync(Speakers.DiariseAsync(
            Audio(
                TinySpeakers.Silence(1), TinySpeakers.LowVoice(3), TinySpeakers.Silence(1), TinySpeakers.HighVoice(4), TinySpeakers.Silence(1), TinySpeakers.LowVoice(6),
                TinySpeakers.Silence(2)),
            speakers: null, default));

        turns.Select(turn => turn.Speaker).ShouldBe([turns[0].Speaker, 1 - turns[0].Speaker, turns[0].Speaker]);
        foreach (var (turn, (start, end)) in turns.Zip([(1.0, 4.0), (5.0, 9.0), (10.0, 16.0)]))
        {
            turn.Start.TotalSeconds.ShouldBe(start, 0.1);
            turn.End.TotalSeconds.ShouldBe(end, 0.1);
        }

        (await AllAsync(Speakers.DiariseAsync(Audio(TinySpeakers.LowVoice(2), TinySpeakers.Silence(1), TinySpeakers.HighVoice(2), TinySpeakers.Silence(9)), speakers: 1, default)))
            .Select(turn => turn.Speaker).Distinct().ShouldHaveSingleItem();
        (await AllAsync(Speakers.DiariseAsync(Audio(), speakers: null, default))).ShouldBeEmpty();
        (await CodeOfAsync(() => AllAsync(Speakers.DiariseAsync(Audio(), speakers: 0, default)))).ShouldBe("models.request_invalid");
        // Taking one of the two away ends what both made.
        Engine.Loaded.ShouldContain(worker => worker.Model!.Name == "turns+voices");
        await Engine.UnloadAsync("voices");
        Engine.Loaded.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_voice_is_known_again_and_a_strangers_is_not()
    {
        TinySpeakers.WriteEmbedding(server.Place, "voices");
        var low = new EnrolledVoice("Low", [await Speakers.EnrolAsync(Audio(TinySpeakers.LowVoice(2)), default)]);
        var high = new EnrolledVoice("High", [await Speakers.EnrolAsync(Audio(TinySpeakers.HighVoice(2)), default)]);
        low.Voiceprints[0].Values.Count.ShouldBe(80);

        var match = await Speakers.IdentifyAsync([low, high], Audio(TinySpeakers.Silence(0.5), TinySpeakers.HighVoice(1)), threshold: null, default);
        match.Name.ShouldBe("High");
        match.Score.ShouldBeInRange(0.9, 1.001);
        var stranger = await Speakers.IdentifyAsync([low], Audio(TinySpeakers.HighVoice(1)), threshold: null, default);
        (stranger.Name, stranger.Score < 0.5).ShouldBe((null, true));
        (await Speakers.IdentifyAsync([], Audio(TinySpeakers.HighVoice(1)), threshold: null, default)).Name.ShouldBeNull();

        (await CodeOfAsync(() => Speakers.EnrolAsync(Audio(TinySpeakers.LowVoice(0.3)), default))).ShouldBe("models.request_invalid");
        (await CodeOfAsync(() => Speakers.IdentifyAsync([low with { Voiceprints = [new Voiceprint("voices", [1, 2])] }], Audio(TinySpeakers.LowVoice(1)), threshold: null, default)))
            .ShouldBe("models.request_invalid");
        (await CodeOfAsync(() => Speakers.IdentifyAsync([low with { Voiceprints = [low.Voiceprints[0] with { Model = "other" }] }], Audio(TinySpeakers.LowVoice(1)), threshold: null, default)))
            .ShouldBe("models.request_invalid");
    }

    [Fact]
    public async Task The_language_is_told_by_Whisper_which_writes_too()
    {
        TinySpeakers.WriteWhisper(server.Place, "whisper");
        (await Speakers.LanguageOfAsync(Audio(TinySpeakers.LowVoice(3)), default)).ShouldBe("en");
        (await Speakers.LanguageOfAsync(Audio(TinySpeakers.HighVoice(40)), default)).ShouldBe("ru");

        var said = await Spoken.SayAsync("en-us", "The harbour is quiet this morning.");
        var text = (await AllAsync(Engine.TranscribeAsync("whisper", Spoken.InPieces(said.ToPcm()), default))).ShouldHaveSingleItem();
        text.Text.ShouldBe(TinySpeakers.Written);
        text.Language.ShouldBeOneOf("en", "ru");
    }

    [Fact]
    public async Task Who_leaves_before_it_is_known_who_spoke_frees_the_place()
    {
        TinySpeakers.WriteSegmentation(server.Place, "turns");
        TinySpeakers.WriteEmbedding(server.Place, "voices");
        using var cancel = new CancellationTokenSource();

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop = default)
        {
            yield return TinySpeakers.ToPcm(TinySpeakers.LowVoice(1));
            await Task.Delay(Timeout.Infinite, stop);
        }

        var left = AllAsync(Speakers.DiariseAsync(Endless(), speakers: null, cancel.Token));
        await Testing.Eventually.BeTrueAsync(() => Engine.Loaded.Any(worker => worker.Running == 1));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left);
        (await AllAsync(Speakers.DiariseAsync(Audio(TinySpeakers.LowVoice(2), TinySpeakers.Silence(1)), speakers: null, default))).ShouldHaveSingleItem();
        await KillAsync(Engine.Loaded.Single());
        (await AllAsync(Speakers.DiariseAsync(Audio(TinySpeakers.LowVoice(2), TinySpeakers.Silence(1)), speakers: null, default))).ShouldHaveSingleItem();
    }
}
