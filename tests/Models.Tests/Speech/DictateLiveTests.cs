using System.Net.WebSockets;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Dictating word by word in the whole server, with the real engine.</summary>
public sealed class DictateLiveTests(LocalServer server) : IClassFixture<LocalServer>
{
    Task<DictationClient> ConnectAsync(string recogniser) => DictationClient.ConnectAsync(server.Host.Address, recogniser, server.Owner);

    [Fact]
    public async Task Words_show_while_one_speaks()
    {
        TinyListening.WriteTransducer(server.Place, "listens");
        TinySpeech.WriteRecogniser(server.Place, "waits");
        var offered = (await server.GetAsync("/api/voice/local")).GetProperty("recognisers").EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("streams").GetBoolean());
        (offered["listens"], offered["waits"]).ShouldBe((true, false));

        var spoken = await Spoken.SayAsync("en-us", "The harbour is quiet this morning.");
        using var line = await ConnectAsync("listens");
        await line.SayAsync(spoken.ToPcm());
        var first = (await line.ReadAsync())!.Value;
        first.GetProperty("final").GetBoolean().ShouldBeFalse("nobody has said that this was all");
        await line.EndAsync();
        var rest = await line.ReadAllAsync();

        rest[^1].GetProperty("type").GetString().ShouldBe("done");
        var final = rest[^2];
        final.GetProperty("final").GetBoolean().ShouldBeTrue();
        final.GetProperty("text").GetString().ShouldStartWith(first.GetProperty("text").GetString()!);
        (final.GetProperty("atMs").GetInt32() / 1000.0).ShouldBe(spoken.Borders[0].Start, 0.3);
    }

    [Theory]
    [InlineData("nobody", "models.unknown")]
    [InlineData("deaf", "models.wrong_purpose")]
    [InlineData("patient", "models.wrong_purpose")]
    public async Task What_does_not_listen_is_said(string recogniser, string code)
    {
        TinySpeech.WriteVoice(server.Place, "deaf");
        TinySpeech.WriteRecogniser(server.Place, "patient");
        using var line = await ConnectAsync(recogniser);
        (await line.ReadAllAsync())[^1].GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task Strangers_and_pages_of_others_are_not_heard()
    {
        using var stranger = server.Host.NewClient();
        (await Should.ThrowAsync<WebSocketException>(() => DictationClient.ConnectAsync(server.Host.Address, "listens", stranger))).Message.ShouldContain("401");
        (await Should.ThrowAsync<WebSocketException>(() => DictationClient.ConnectAsync(server.Host.Address, "listens", server.Owner, "https://elsewhere.example"))).Message.ShouldContain("403");
    }
}
