using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.WebUtilities;

namespace JeanTrail.Gateway.Local;

/// <summary>OpenAI's speech and transcriptions by the models of this machine: 16-bit WAV in, WAV or bare samples out.</summary>
internal sealed class LocalAudio(ILocalSpeech speech, ILocalSpeakers speakers)
{
    /// <summary>As many as OpenAI takes.</summary>
    const int MostKnown = 4;

    const string DataUrl = ";base64,";

    readonly LocalTranscript transcript = new(speech, speakers);

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
        if (await SamplesAsync(file, file.Length, cancel) is not { } audio)
            throw Invalid("Local recognisers read WAV files with 16-bit samples.");
        var format = fields["response_format"].LastOrDefault("json");
        if (format is not ("json" or "verbose_json" or "text" or LocalTranscript.Diarised))
            throw Invalid("Local recognisers answer as json, verbose_json, diarized_json or text.");
        var request = new TranscriptRequest(fields["model"].LastOrDefault(""), audio, format, await ReadKnownAsync(fields, cancel));
        return (transcript.WriteAsync(request, cancel), format == "text" ? "text/plain" : "application/json");
    }

    /// <summary>Null when it is not WAV with 16-bit samples.</summary>
    static async Task<byte[]?> SamplesAsync(byte[] file, int length, CancellationToken cancel)
    {
        using var samples = new MemoryStream();
        return await WavSamples.WriteAsync(new MemoryStream(file, 0, length), samples, long.MaxValue, cancel) is null ? null : samples.ToArray();
    }

    static async Task<List<(string Name, byte[] Audio)>> ReadKnownAsync(ILookup<string, string> fields, CancellationToken cancel)
    {
        var names = fields["known_speaker_names[]"].Concat(fields["known_speaker_names"]).ToList();
        var references = fields["known_speaker_references[]"].Concat(fields["known_speaker_references"]).ToList();
        if (names.Count != references.Count || names.Count > MostKnown)
            throw Invalid($"Each of at most {MostKnown} known speakers has a name and a reference.");
        var known = new List<(string Name, byte[] Audio)>();
        foreach (var (name, reference) in names.Zip(references))
            known.Add((name, await ReadReferenceAsync(reference, cancel)));
        return known;
    }

    static async Task<byte[]> ReadReferenceAsync(string reference, CancellationToken cancel)
    {
        var at = reference.IndexOf(DataUrl, StringComparison.Ordinal);
        var bytes = new byte[reference.Length];
        return reference.StartsWith("data:audio/", StringComparison.Ordinal) && at > 0
            && Convert.TryFromBase64String(reference[(at + DataUrl.Length)..], bytes, out var length) && await SamplesAsync(bytes, length, cancel) is { } audio
            ? audio : throw Invalid("A reference of a known speaker is a data URL of a WAV file with 16-bit samples.");
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

    static async Task<(ILookup<string, string> Fields, byte[] File)> ReadAsync(byte[] form, CancellationToken cancel)
    {
        var fields = new List<(string Name, string Value)>();
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
                    fields.Add((name, Encoding.UTF8.GetString(content.ToArray())));
            }

            return (fields.ToLookup(field => field.Name, field => field.Value, StringComparer.Ordinal), file);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            throw Invalid("The form is broken off.");
        }
    }

    static LocalModelException Invalid(string why) => new(new Error("models.request_invalid", 400, why));
}
