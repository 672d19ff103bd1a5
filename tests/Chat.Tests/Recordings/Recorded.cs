using System.Diagnostics;
using System.Text.Json;
using JeanTrail.Contracts.Voice;
using JeanTrail.Testing;

namespace JeanTrail.Chat.Tests.Recordings;

/// <summary>Recordings as browsers, phones and people make them.</summary>
internal static class Recorded
{
    public static byte[] Wav(byte[] pcm) => [.. WavHeader.For(HeardSamples.Rate, pcm.Length), .. pcm];

    /// <summary>A second of a tone, which is enough to be a recording.</summary>
    public static byte[] Tone { get; } = Wav([.. Enumerable.Range(0, 16_000).SelectMany(at => BitConverter.GetBytes((short)(8000 * Math.Sin(at * 0.17))))]);

    /// <summary>Made by ffmpeg; a machine without it cannot run these tests, and says so.</summary>
    /// <param name="options">Of the output, such as <c>-c:a libopus -f ogg</c>.</param>
    public static async Task<byte[]> PackAsync(byte[] wav, string options) => await RunAsync("-i pipe:0 " + options, wav);

    /// <summary>What is in a file, as samples.</summary>
    public static async Task<byte[]> UnpackAsync(byte[] packed)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, packed);
            return await RunAsync($"-i {file} -f s16le -ac 1 -ar 16000 pipe:1", []);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Much that is packed in little.</summary>
    public static Task<byte[]> SilenceAsync(int seconds) => RunAsync($"-f lavfi -i anullsrc=r=16000:cl=mono -t {seconds} -c:a flac -frame_size 65535 -f flac pipe:1", []);

    static async Task<byte[]> RunAsync(string arguments, byte[] input)
    {
        // Some formats are finished at their beginning, which needs a file.
        var made = Path.GetTempFileName();
        try
        {
            var toFile = arguments.Replace("pipe:1", made, StringComparison.Ordinal);
            using var process = Process.Start(new ProcessStartInfo("ffmpeg", $"-v error -y {toFile}") { RedirectStandardInput = true, UseShellExecute = false })
                ?? throw new InvalidOperationException("ffmpeg is missing: install it to run the tests of recordings.");
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0, arguments);
            return await File.ReadAllBytesAsync(made);
        }
        finally
        {
            File.Delete(made);
        }
    }

    public static async Task<JsonElement> TranscriptAsync(this ChatHost chat, Guid attachment) => await chat.GetAsync($"/api/chat/attachments/{attachment}/transcript");

    /// <summary>Waits for the end of the writing, whichever it is.</summary>
    public static async Task<JsonElement> WrittenAsync(this ChatHost chat, Guid attachment)
    {
        await Eventually.BeTrueAsync(async () => State(await chat.TranscriptAsync(attachment)) != "pending", "it is written down", TimeSpan.FromMinutes(2));
        return await chat.TranscriptAsync(attachment);
    }

    public static string State(JsonElement transcript) => transcript.GetProperty("state").GetString()!;

    public static string? Code(JsonElement transcript) => transcript.GetProperty("code").GetString();

    public static string? Words(JsonElement transcript) => transcript.GetProperty("text").GetString();

    public static Task<EventReader> AskAsync(this ChatHost chat, Guid conversation, string text, params Guid[] files)
        => chat.PostStreamAsync($"/api/chat/conversations/{conversation}/turns", new { clientId = Guid.CreateVersion7(), text, attachmentIds = files });
}
