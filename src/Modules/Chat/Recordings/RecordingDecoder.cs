using System.Runtime.CompilerServices;
using JeanTrail.Chat.Attachments;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Blobs;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Recordings;

/// <summary>
/// Makes samples of a stranger's file: bounded in length, time and memory, in a program of its own that reaches no network and no file. They go to a
/// file without a name, for a recogniser reads them more slowly than they are made.
/// </summary>
internal sealed class RecordingDecoder(IBlobStore blobs, BoundedProgram programs, IOptions<AttachmentOptions> options)
{
    /// <summary>What our kinds of sound are packed in and as. Whatever else a file asks ffmpeg for stays shut.</summary>
    const string Codecs = "opus,vorbis,aac,mp3,mp3float,flac,alac,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_u8,pcm_f32le,pcm_f64le,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav";

    public async Task<DecodedRecording> DecodeAsync(BlobHash blob, string mediaType, CancellationToken cancel)
    {
        var samples = NamelessFile.Open();
        var code = TranscriptCodes.Unreadable;
        try
        {
            code = await FillAsync(blob, mediaType, samples, cancel);
        }
        finally
        {
            if (code is not null)
                await samples.DisposeAsync();
        }

        if (code is not null)
            return new DecodedRecording(null, code);
        samples.Position = 0;
        return new DecodedRecording(samples, null);
    }

    async Task<string?> FillAsync(BlobHash blob, string mediaType, Stream samples, CancellationToken cancel)
    {
        var most = (long)options.Value.LongestRecording.TotalSeconds * HeardSamples.BytesPerSecond;
        if (mediaType == "audio/wav")
        {
            await using var plain = await OpenAsync(blob, cancel);
            if (await WavSamples.WriteAsync(plain.Stream, samples, most, cancel) is { } whole)
                return !whole ? TranscriptCodes.TooLong : samples.Length == 0 ? TranscriptCodes.Unreadable : null;
        }

        if (DemuxerOf(mediaType) is not { } demuxer)
            return TranscriptCodes.Unreadable;
        await using var content = await OpenAsync(blob, cancel);
        // What a phone records says at its end what is in it; cache lets ffmpeg go back, in a file of its own without a name.
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-threads", "1", "-protocol_whitelist", "cache,pipe", "-codec_whitelist", Codecs, "-read_ahead_limit", "-1", "-f", demuxer, "-i", "cache:pipe:0",
            "-map", "0:a:0", "-ac", "1", "-ar", $"{HeardSamples.Rate}", "-f", "s16le", "pipe:1",
        ];
        return await programs.RunAsync(options.Value.FfmpegPath, arguments, content.Stream, samples, most, options.Value.CopyTimeout, cancel) switch
        {
            ProgramEnd.Done when samples.Length > 0 => null,
            ProgramEnd.Missing => TranscriptCodes.NoDecoder,
            ProgramEnd.TooLong => TranscriptCodes.TooSlow,
            ProgramEnd.TooMuch => TranscriptCodes.TooLong,
            _ => TranscriptCodes.Unreadable,
        };
    }

    async Task<BlobContent> OpenAsync(BlobHash blob, CancellationToken cancel)
        => await blobs.OpenAsync(blob, null, cancel) ?? throw new InvalidOperationException("A file that an attachment refers to is not there.");

    /// <summary>Told, not guessed by ffmpeg: lists of other files are among what it guesses.</summary>
    static string? DemuxerOf(string mediaType) => mediaType switch
    {
        "audio/wav" => "wav",
        "audio/ogg" => "ogg",
        "audio/webm" => "matroska",
        "audio/mp4" => "mov",
        "audio/mpeg" => "mp3",
        "audio/flac" => "flac",
        _ => null,
    };
}

/// <param name="Samples">16 kHz little-endian 16-bit mono; whoever has it disposes of it.</param>
/// <param name="Code">Why there are none, of <see cref="TranscriptCodes"/>.</param>
internal sealed record DecodedRecording(Stream? Samples, string? Code)
{
    /// <summary>A second at a time.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> InPieces(Stream samples, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var piece = new byte[HeardSamples.BytesPerSecond];
            var read = await samples.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancel) & ~1;
            if (read == 0)
                yield break;
            yield return piece.AsMemory(0, read);
        }
    }
}
