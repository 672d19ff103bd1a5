using JeanTrail.Contracts.Models;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using Microsoft.Extensions.DependencyInjection;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

public sealed class MoveSpeechTests(LocalServer server) : IClassFixture<LocalServer>, IDisposable
{
    readonly string elsewhere = Directory.CreateTempSubdirectory("jean-moved-").FullName;

    public void Dispose() => Directory.Delete(elsewhere, recursive: true);

    [Fact]
    public async Task Speech_models_move_with_the_others_and_speak_from_where_they_are_then()
    {
        var speech = server.Host.Services.GetRequiredService<ILocalSpeech>();
        var old = TinySpeech.WriteVoice(server.Place, "mover");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(old, "notes", "lang")).FullName, "en"), "english");
        await AllAsync(speech.SpeakAsync("mover", new SynthesisRequest("Here."), default));

        (await server.SendAsync(HttpMethod.Put, "/api/models/folder", new { folder = elsewhere })).Status.ShouldBe(200);

        await Eventually.BeTrueAsync(() => !Directory.Exists(old), "the old folder is gone", TimeSpan.FromMinutes(1));
        File.ReadAllText(Path.Combine(elsewhere, "mover", "notes", "lang", "en")).ShouldBe("english");
        (await AllAsync(speech.SpeakAsync("mover", new SynthesisRequest("There."), default))).Sum(piece => piece.Samples.Length)
            .ShouldBe("There.".Length * TinySpeech.LetterSamples * sizeof(short));
    }
}
