using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Contracts.Voice;

namespace JeanTrail.Gateway.Local;

/// <param name="Audio">16-bit mono samples of <see cref="HeardSamples.Rate"/>.</param>
/// <param name="Format">OpenAI's: <c>json verbose_json text diarized_json</c>.</param>
/// <param name="Known">Who may be among the speakers, by name and by how they sound.</param>
internal sealed record TranscriptRequest(string Model, byte[] Audio, string Format, IReadOnlyList<(string Name, byte[] Audio)> Known);

/// <summary>Writes a recording down in OpenAI's forms; by whom it was said and in which language too, where there are models for that.</summary>
internal sealed class LocalTranscript(ILocalSpeech speech, ILocalSpeakers speakers)
{
    internal const string Diarised = "diarized_json";

    const int BytesPerSecond = HeardSamples.BytesPerSecond;

    /// <summary>So much is handed over at a time: two seconds.</summary>
    const int PieceBytes = 2 * BytesPerSecond;

    /// <summary>Of the same speaker: what is nearer belongs together.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Around a turn: its borders are not known better.</summary>
    static readonly TimeSpan Margin = TimeSpan.FromSeconds(0.1);

    internal async IAsyncEnumerable<LocalPiece> WriteAsync(TranscriptRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var said = new List<(SpokenText Text, string? Speaker)>();
        var parts = request.Format == Diarised ? DiariseAsync(request, cancel) : PlainAsync(request, cancel);
        await foreach (var part in parts)
        {
            if (part.Text is { } text)
                said.Add((text, part.Speaker));
            // White space before JSON shows that it goes on; in a text it would be part of it.
            if (request.Format != "text")
                yield return new LocalPiece(LocalPieceKind.Progress, default);
        }

        var whole = string.Join(' ', said.Select(one => one.Text.Text).Where(text => text.Length > 0));
        var duration = (double)request.Audio.Length / BytesPerSecond;
        yield return new LocalPiece(LocalPieceKind.Whole, request.Format switch
        {
            "text" => Encoding.UTF8.GetBytes(whole + "\n"),
            "json" => JsonSerializer.SerializeToUtf8Bytes(new { text = whole }),
            Diarised => JsonSerializer.SerializeToUtf8Bytes(new
            {
                task = "transcribe",
                duration,
                text = whole,
                segments = said.Select((one, at) => new
                {
                    type = "transcript.text.segment",
                    id = string.Create(CultureInfo.InvariantCulture, $"seg_{at:000}"),
                    start = one.Text.Start.TotalSeconds,
                    end = one.Text.End.TotalSeconds,
                    text = one.Text.Text,
                    speaker = one.Speaker,
                }),
            }),
            _ => JsonSerializer.SerializeToUtf8Bytes(new
            {
                task = "transcribe",
                language = said.Select(one => one.Text.Language).FirstOrDefault(language => language is not null) ?? await LanguageOfAsync(request.Audio, cancel),
                duration,
                text = whole,
                segments = said.Select((one, at) => new { id = at, start = one.Text.Start.TotalSeconds, end = one.Text.End.TotalSeconds, text = one.Text.Text }),
            }),
        });
    }

    async IAsyncEnumerable<(SpokenText? Text, string? Speaker)> PlainAsync(TranscriptRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var text in speech.TranscribeAsync(request.Model, InPieces(request.Audio, cancel), cancel))
            yield return (text, null);
    }

    /// <summary>Each turn is written down by itself, so that nobody's words are taken for somebody else's. Without a text: it goes on.</summary>
    async IAsyncEnumerable<(SpokenText? Text, string? Speaker)> DiariseAsync(TranscriptRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var turns = new List<SpeakerTurn>();
        await foreach (var turn in speakers.DiariseAsync(InPieces(request.Audio, cancel), speakers: null, cancel))
        {
            if (turns.Count > 0 && turns[^1].Speaker == turn.Speaker && turn.Start - turns[^1].End < Pause)
                turns[^1] = turns[^1] with { End = turn.End };
            else
                turns.Add(turn);
            yield return (null, null);
        }

        var names = await NamesAsync(request, turns, cancel);
        foreach (var turn in turns)
        {
            var start = turn.Start > Margin ? turn.Start - Margin : TimeSpan.Zero;
            await foreach (var text in speech.TranscribeAsync(request.Model, InPieces(Cut(request.Audio, start, turn.End + Margin), cancel), cancel))
            {
                if (text.Text.Length > 0)
                    yield return (text with { Start = start + text.Start, End = start + text.End }, names[turn.Speaker]);
            }
        }
    }

    /// <summary>Those who are known, and letters for the others in the order in which they begin.</summary>
    async Task<Dictionary<int, string>> NamesAsync(TranscriptRequest request, List<SpeakerTurn> turns, CancellationToken cancel)
    {
        var enrolled = new List<EnrolledVoice>();
        foreach (var (name, audio) in request.Known)
            enrolled.Add(new EnrolledVoice(name, [await speakers.EnrolAsync(InPieces(audio, cancel), cancel)]));
        var names = new Dictionary<int, string>();
        var strangers = 0;
        foreach (var turn in turns.DistinctBy(turn => turn.Speaker))
        {
            var longest = turns.Where(one => one.Speaker == turn.Speaker).MaxBy(one => one.End - one.Start);
            var known = enrolled.Count > 0 && longest.End - longest.Start >= TimeSpan.FromSeconds(0.5)
                ? (await speakers.IdentifyAsync(enrolled, InPieces(Cut(request.Audio, longest.Start, longest.End), cancel), threshold: null, cancel)).Name : null;
            names[turn.Speaker] = known ?? Letter(strangers++);
        }

        return names;
    }

    /// <summary>A to Z, and then AA and on.</summary>
    static string Letter(int number) => number < 26 ? $"{(char)('A' + number)}" : Letter(number / 26 - 1) + Letter(number % 26);

    /// <summary>Nobody's answer fails for it: null where it cannot be told.</summary>
    async Task<string?> LanguageOfAsync(byte[] audio, CancellationToken cancel)
    {
        try
        {
            return (await speakers.AbilitiesAsync(cancel)).Languages ? await speakers.LanguageOfAsync(InPieces(audio, cancel), cancel) : null;
        }
        catch (LocalModelException)
        {
            return null;
        }
    }

    static byte[] Cut(byte[] audio, TimeSpan start, TimeSpan end)
    {
        var from = Math.Min(audio.Length, (int)(start.TotalSeconds * HeardSamples.Rate) * sizeof(short));
        return audio[from..Math.Clamp((int)(end.TotalSeconds * HeardSamples.Rate) * sizeof(short), from, audio.Length)];
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
}
