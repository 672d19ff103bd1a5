using System.Diagnostics;
using System.Globalization;
using JeanTrail.Contracts.Voice;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Voice.Tests;

public sealed class OggTests(VoiceFixture voice) : IClassFixture<VoiceFixture>
{
    [Fact]
    public async Task Ogg_is_opus_that_decodes_to_the_same_length()
    {
        var performance = (await voice.Speech.PerformAsync(
            new SpeechRequest("This sentence is compressed with Opus and read back.", "en", null, Format: AudioFormat.Ogg), CancellationToken.None)).Value;
        performance.Audio.Span[..4].SequenceEqual("OggS"u8).ShouldBeTrue();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, performance.Audio.ToArray());
            using var probe = Process.Start(new ProcessStartInfo("ffprobe", ["-v", "error", "-show_entries", "stream=codec_name:format=duration", "-of", "csv=p=0", file])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }).ShouldNotBeNull();
            var lines = (await probe.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines[0].ShouldBe("opus");
            var seconds = double.Parse(lines[1], CultureInfo.InvariantCulture);
            (seconds * 1000).ShouldBeInRange(performance.DurationMs - 60, performance.DurationMs + 60);
        }
        finally
        {
            File.Delete(file);
        }
        performance.Audio.Length.ShouldBeLessThan(performance.DurationMs * 12, "it is compressed");
    }

    [Fact]
    public async Task Without_ffmpeg_only_ogg_is_missing()
    {
        await using var services = VoiceFixture.Build(new() { ["FfmpegPath"] = "/no/such/ffmpeg", ["Workers"] = "1" });
        var speech = services.GetRequiredService<ISpeech>();
        (await speech.PerformAsync(new SpeechRequest("Hello", "en", null, Format: AudioFormat.Ogg), CancellationToken.None)).Error
            .ShouldNotBeNull().Code.ShouldBe("voice.format_unavailable");
        (await speech.PerformAsync(new SpeechRequest("Hello", "en", null), CancellationToken.None)).Succeeded.ShouldBeTrue();
    }
}
