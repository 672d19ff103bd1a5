using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Models.Speech;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;
using Microsoft.Extensions.DependencyInjection;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Noise taken away by a model of our own making, in the whole server with the real engine.</summary>
public sealed class DenoiserTests : IAsyncLifetime
{
    readonly LocalServer server = new();
    ILocalDenoiser Denoiser => server.Host.Services.GetRequiredService<ILocalDenoiser>();

    SpeechEngine Engine => server.Host.Services.GetRequiredService<SpeechEngine>();

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    static float[] Tone(int hertz, double seconds) => [.. Enumerable.Range(0, (int)(seconds * 16_000)).Select(at => (float)(0.4 * Math.Sin(2 * Math.PI * hertz * at / 16_000)))];

    static double Strength(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += (double)sample * sample;
        return Math.Sqrt(sum / samples.Length) / short.MaxValue;
    }

    async Task<short[]> CleanAsync(byte[] pcm, int pieceBytes)
        => MemoryMarshal.Cast<byte, short>((await AllAsync(Denoiser.CleanAsync(Spoken.InPieces(pcm, pieceBytes), live: true, default))).SelectMany(piece => piece.ToArray()).ToArray()).ToArray();

    [Fact]
    public async Task What_is_noise_goes_and_what_is_speech_stays()
    {
        (await Denoiser.IsThereAsync(default)).ShouldBeFalse();
        (await Should.ThrowAsync<LocalModelException>(() => CleanAsync(new byte[3_200], 3_200))).Error.Code.ShouldBe("models.denoiser_missing");
        TinyDenoiser.Write(server.Place, "clean");
        (await Denoiser.IsThereAsync(default)).ShouldBeTrue();

        var low = await CleanAsync(TinySpeakers.ToPcm(Tone(500, 2)), 3_333);
        low.Length.ShouldBe(32_000);
        Strength(low.AsSpan(4_000, 24_000)).ShouldBe(0.4 / Math.Sqrt(2), 0.02);
        var high = await CleanAsync(TinySpeakers.ToPcm(Tone(5_000, 2)), 3_333);
        high.Length.ShouldBe(32_000);
        Strength(high.AsSpan(4_000, 24_000)).ShouldBeLessThan(0.01);
        (await CleanAsync(TinySpeakers.ToPcm(Tone(500, 2)), 50_001)).ShouldBe(low, "the same audio in other pieces is the same speech");
        (await CleanAsync([], 100)).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_goes_along_with_what_is_said_and_two_do_not_hear_each_other()
    {
        TinyDenoiser.Write(server.Place, "clean");
        var wait = new TaskCompletionSource();

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Slowly([EnumeratorCancellation] CancellationToken cancel = default)
        {
            yield return TinySpeakers.ToPcm(Tone(500, 1));
            await wait.Task.WaitAsync(cancel);
            yield return TinySpeakers.ToPcm(Tone(500, 1));
        }

        var slow = Denoiser.CleanAsync(Slowly(), live: true, default).GetAsyncEnumerator();
        (await slow.MoveNextAsync()).ShouldBeTrue("nobody waits for the end");
        Strength((await CleanAsync(TinySpeakers.ToPcm(Tone(5_000, 1)), 3_200)).AsSpan(4_000, 8_000)).ShouldBeLessThan(0.01);
        wait.SetResult();
        var bytes = slow.Current.Length;
        while (await slow.MoveNextAsync())
            bytes += slow.Current.Length;
        await slow.DisposeAsync();
        bytes.ShouldBe(64_000);

        // Leaving frees the server.Place, and a killed one is begun anew.
        await foreach (var _ in Denoiser.CleanAsync(Spoken.InPieces(new byte[320_000]), live: true, default))
            break;
        await Eventually.BeTrueAsync(() => Engine.Loaded.All(worker => worker.Running == 0));
        await KillAsync(Engine.Loaded.Single());
        (await CleanAsync(new byte[3_200], 3_200)).Length.ShouldBe(1_600);
    }

    [Fact]
    public async Task A_dictation_is_heard_without_its_noise_when_the_person_asks_for_that()
    {
        TinyListening.WriteCtc(server.Place, "ear");
        // Loud where the recogniser hears letters, and nothing else: without noise nothing is left to write.
        var noise = TinySpeakers.ToPcm(Tone(4_000, 2));
        (await DictateAsync(noise, denoise: true)).ShouldBe("models.denoiser_missing");
        (await server.GetAsync("/api/voice/local")).GetProperty("denoises").GetBoolean().ShouldBeFalse();
        TinyDenoiser.Write(server.Place, "clean");
        (await server.GetAsync("/api/voice/local")).GetProperty("denoises").GetBoolean().ShouldBeTrue();

        (await DictateAsync(noise, denoise: false)).ShouldNotBeEmpty();
        (await DictateAsync(noise, denoise: true)).ShouldBeEmpty();
        (await ListenAsync(noise, denoise: false)).ShouldNotBeEmpty();
        (await ListenAsync(noise, denoise: true)).ShouldBeEmpty();
    }

    /// <summary>The text, or the code of the error.</summary>
    async Task<string> DictateAsync(byte[] pcm, bool denoise)
    {
        using var recording = new ByteArrayContent(pcm) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using var response = await server.Owner.PostAsync($"/api/voice/transcriptions?recogniser=ear&denoise={denoise}", recording);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return body.GetProperty(response.IsSuccessStatusCode ? "text" : "code").GetString()!;
    }

    async Task<string> ListenAsync(byte[] pcm, bool denoise)
    {
        using var line = await DictationClient.ConnectAsync(server.Host.Address, $"ear&denoise={denoise}", server.Owner);
        await line.SayAsync(pcm);
        await line.EndAsync();
        var all = await line.ReadAllAsync();
        all[^1].GetProperty("type").GetString().ShouldBe("done", all[^1].ToString());
        return string.Concat(all.Where(one => one.TryGetProperty("final", out var final) && final.GetBoolean()).Select(one => one.GetProperty("text").GetString()));
    }
}
