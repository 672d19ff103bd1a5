using System.Net.WebSockets;
using System.Text.Json;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Waiting for Jean's name in the whole server, with the real engine.</summary>
public sealed class WaitForNameTests(LocalServer server) : IClassFixture<LocalServer>
{
    Task<DictationClient> WaitAsync(string spotter) => DictationClient.WaitAsync(server.Host.Address, spotter, server.Owner);

    static string? TypeOf(JsonElement message) => message.GetProperty("type").GetString();

    [Fact]
    public async Task A_call_is_told_each_time_and_what_else_is_said_is_not()
    {
        TinySpotter.Write(server.Place, "waits");
        var local = await server.GetAsync("/api/voice/local");
        local.GetProperty("spotters").EnumerateArray().Select(one => one.GetProperty("name").GetString()).ShouldContain("waits");
        local.GetProperty("recognisers").EnumerateArray().Select(one => one.GetProperty("name").GetString()).ShouldNotContain("waits");

        using var line = await WaitAsync("waits");
        TypeOf((await line.ReadAsync())!.Value).ShouldBe("listening");
        await line.SayAsync(TinySpotter.Say("▁THE", "▁S", "", "ING"));
        await line.SayAsync(TinySpotter.Say("▁HE", "Y", "▁JE", "AN"));
        var first = (await line.ReadAsync())!.Value;
        (TypeOf(first), first.GetProperty("keyword").GetString()).ShouldBe(("called", "hey-jean"));
        await line.SayAsync(TinySpotter.Say("▁JE", "AN"));
        var second = (await line.ReadAsync())!.Value;
        second.GetProperty("keyword").GetString().ShouldBe("jean");
        second.GetProperty("endMs").GetInt32().ShouldBeInRange(second.GetProperty("atMs").GetInt32() - 500, second.GetProperty("atMs").GetInt32() + 200);
        await line.EndAsync();
        TypeOf((await line.ReadAllAsync()).ShouldHaveSingleItem()).ShouldBe("done");
    }

    [Theory]
    [InlineData("nobody", "models.unknown", 404)]
    [InlineData("writes", "models.wrong_purpose", 400)]
    [InlineData("sounds", "models.unreadable", 422)]
    public async Task What_cannot_wait_for_her_name_is_said(string spotter, string code, int status)
    {
        TinyListening.WriteTransducer(server.Place, "writes");
        TinySpotter.Write(server.Place, "sounds", [.. TinySpotter.Pieces.Select((_, at) => $"s{at}")]);
        using var line = await WaitAsync(spotter);
        var last = (await line.ReadAllAsync())[^1];
        (TypeOf(last), last.GetProperty("code").GetString(), last.GetProperty("status").GetInt32()).ShouldBe(("failed", code, status));
    }

    [Fact]
    public async Task Strangers_and_pages_of_others_are_not_heard()
    {
        using var stranger = server.Host.NewClient();
        (await Should.ThrowAsync<WebSocketException>(() => DictationClient.WaitAsync(server.Host.Address, "waits", stranger))).Message.ShouldContain("401");
        (await Should.ThrowAsync<WebSocketException>(() => DictationClient.WaitAsync(server.Host.Address, "waits", server.Owner, "https://elsewhere.example"))).Message.ShouldContain("403");
    }
}
