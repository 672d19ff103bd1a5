using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.WebUtilities;

namespace JeanTrail.Gateway.Local;

/// <summary>OpenAI's speech and transcriptions by the models of this machine: 16-bit WAV in, WAV or bare samples out.</summary>
internal sealed class LocalAudio(ILocalSpeech speech)
{
    /// <summary>So much of a file is handed to the recogniser at a time: two seconds.</summary>
    const int PieceBytes = 64 * 1024;

    /// <summary>What a body of OpenAI's speech may say here.</summary>
    /// <param name="Voice">The number of one of the voice's speakers; anything else is the first.</param>
    sealed record SpeechBody(string? Model, string? Input, string? Voice, string? ResponseFormat, double? Speed);

    static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <exception cref="LocalModelException">It asks for what is not made here.</exception>
    internal (IAsyncEnumerable<LocalPiece> Pieces, string ContentType) Speak(ReadOnlySpan<byte> request, CancellationToken cancel)
    {
        var body = JsonSerializer.Deserialize<SpeechBody>(request, Snake)!;
        var wave = body.ResponseFormat is null or "wav";
        if (!wave && body.ResponseFormat != "pcm")
            throw Invalid("Local voices give wav or pcm.");
        var speaker = int.TryParse(body.Voice, out var number) ? number : 0;
        return (SpeakAsync(body.Model ?? "", new SynthesisRequest(body.Input ?? "", Speaker: speaker, Speed: body.Speed ?? 1), wave, cancel), wave ? "audio/wav" : "audio/pcm");
    }

    /// <param name="form">A body of <c>multipart/form-data</c>.</param>
    /// <exception cref="LocalModelException">It is no form, or its file is no audio that is read here.</exception>
    internal async Task<(IAsyncEnumerable<LocalPiece> Pieces, string ContentType)> TranscribeAsync(byte[] form, CancellationToken cancel)
    {
        var (fields, file) = await ReadAsync(form, cancel);
        if (WaveAudio.Read(file) is not { } audio)
            throw Invalid("Local recognisers read WAV files with 16-bit samples.");
        var format = fields.GetValueOrDefault("response_format", "json");
        if (format is not ("json" or "verbose_json" or "text"))
            throw Invalid("Local recognisers answer as json, verbose_json or text.");
        return (WriteAsync(fields.GetValueOrDefault("model", ""), audio, format, cancel), format == "text" ? "text/plain" : "application/json");
    }

    async IAsyncEnumerable<LocalPiece> SpeakAsync(string model, SynthesisRequest request, bool wave, [EnumeratorCancellation] CancellationToken cancel)
    {
        var first = wave;
        await foreach (var audio in speech.SpeakAsync(model, request, cancel))
        {
            if (first)
                yield return new LocalPiece(LocalPieceKind.Whole, WavHeader.For(audio.SampleRate, null));
            first = false;
            yield return new LocalPiece(LocalPieceKind.Whole, audio.Samples);
        }
    }

    async IAsyncEnumerable<LocalPiece> WriteAsync(string model, byte[] audio, string format, [EnumeratorCancellation] CancellationToken cancel)
    {
        var said = new List<SpokenText>();
        await foreach (var text in speech.TranscribeAsync(model, InPieces(audio, cancel), cancel))
        {
            said.Add(text);
            // White space before JSON shows that it goes on; in a text it would be part of it.
            if (format != "text")
                yield return new LocalPiece(LocalPieceKind.Progress, default);
        }

        var whole = string.Join(' ', said.Select(one => one.Text).Where(text => text.Length > 0));
        yield return new LocalPiece(LocalPieceKind.Whole, format switch
        {
            "text" => Encoding.UTF8.GetBytes(whole + "\n"),
            "json" => JsonSerializer.SerializeToUtf8Bytes(new { text = whole }),
            _ => JsonSerializer.SerializeToUtf8Bytes(new
            {
                task = "transcribe",
                duration = (double)audio.Length / (WaveAudio.HeardRate * sizeof(short)),
                text = whole,
                segments = said.Select((one, at) => new { id = at, start = one.Start.TotalSeconds, end = one.End.TotalSeconds, text = one.Text }),
            }),
        });
    }

    static async IAsyncEnumerable<ReadOnlyMemory<byte>> InPieces(byte[] audio, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var at = 0; at < audio.Length; at += PieceBytes)
        {
            cancel.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return audio.AsMemory(at, Math.Min(PieceBytes, audio.Length - at));
        }
    }

    static async Task<(Dictionary<string, string> Fields, byte[] File)> ReadAsync(byte[] form, CancellationToken cancel)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        byte[] file = [];
        try
        {
            // The form says itself what stands between its parts.
            var end = form.AsSpan().IndexOf("\r\n"u8);
            if (end < 3)
                throw Invalid("The form has no parts.");
            var reader = new MultipartReader(Encoding.ASCII.GetString(form, 2, end - 2), new MemoryStream(form));
            while (await reader.ReadNextSectionAsync(cancel) is { } part)
            {
                var name = part.GetContentDispositionHeader()?.Name.Value?.Trim('"');
                using var content = new MemoryStream();
                await part.Body.CopyToAsync(content, cancel);
                if (name == "file")
                    file = content.ToArray();
                else if (name is not null)
                    fields[name] = Encoding.UTF8.GetString(content.ToArray());
            }

            return (fields, file);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            throw Invalid("The form is broken off.");
        }
    }

    static LocalModelException Invalid(string why) => new(new Error("models.request_invalid", 400, why));
}
