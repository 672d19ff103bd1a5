using System.ComponentModel;
using System.Diagnostics;
using JeanTrail.Kernel.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Voice.Audio;

/// <summary>Opus in Ogg, made by ffmpeg in a process of its own.</summary>
internal sealed partial class OggEncoder(IOptions<VoiceOptions> options, ILogger<OggEncoder> log)
{
    /// <summary>Encodes 16-bit mono samples. Cancelling kills the encoder.</summary>
    public async Task<Result<ReadOnlyMemory<byte>>> EncodeAsync(ReadOnlyMemory<byte> pcm, int sampleRate, CancellationToken cancel)
    {
        using var output = new MemoryStream();
        var error = await EncodeAsync(Once(pcm), sampleRate, output, cancel);
        return error is not null ? error : (ReadOnlyMemory<byte>)output.ToArray();
    }

    /// <summary>Encodes pieces as they come and writes what is ready; returns what went wrong, or null.</summary>
    public async Task<Error?> EncodeAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> pcm, int sampleRate, Stream output, CancellationToken cancel)
    {
        using var process = Start(sampleRate);
        if (process is null)
            return VoiceErrors.OggUnavailable;
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var reading = process.StandardOutput.BaseStream.CopyToAsync(output, 8192, cancel);
            await FeedAsync(process, pcm, cancel);
            await reading;
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode == 0)
                return null;
            var said = await errors;
            EncodingFailed(process.ExitCode, said[..Math.Min(said.Length, 500)]);
            return VoiceErrors.OggUnavailable with { Detail = "ffmpeg could not make Ogg/Opus on the server. Ask for wav instead." };
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    async Task FeedAsync(Process process, IAsyncEnumerable<ReadOnlyMemory<byte>> pcm, CancellationToken cancel)
    {
        try
        {
            await foreach (var piece in pcm.WithCancellation(cancel))
            {
                await process.StandardInput.BaseStream.WriteAsync(piece, cancel);
                await process.StandardInput.BaseStream.FlushAsync(cancel);
            }
            process.StandardInput.Close();
        }
        catch (IOException error)
        {
            // ffmpeg ended early; its exit code and its error output say why.
            PipeBroke(error);
        }
    }

    Process? Start(int sampleRate)
    {
        var start = new ProcessStartInfo(
            options.Value.FfmpegPath,
            ["-hide_banner", "-loglevel", "error", "-f", "s16le", "-ar", $"{sampleRate}", "-ac", "1", "-probesize", "32", "-i", "pipe:0",
             "-c:a", "libopus", "-b:a", "32k", "-application", "voip", "-flush_packets", "1", "-f", "ogg", "pipe:1"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception error)
        {
            Missing(error, options.Value.FfmpegPath);
            return null;
        }
    }

    static async IAsyncEnumerable<ReadOnlyMemory<byte>> Once(ReadOnlyMemory<byte> pcm)
    {
        yield return pcm;
        await Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Program} could not be started; Ogg is not available")]
    partial void Missing(Exception error, string program);

    [LoggerMessage(2, LogLevel.Warning, "The encoder ended with code {ExitCode}: {Said}")]
    partial void EncodingFailed(int exitCode, string said);

    [LoggerMessage(3, LogLevel.Debug, "The encoder closed its input early")]
    partial void PipeBroke(Exception error);
}
