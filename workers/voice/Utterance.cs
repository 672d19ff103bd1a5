using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using JeanTrail.Kernel.Workers;

namespace JeanTrail.VoiceWorker;

/// <summary>One text being said: audio and marks go out as espeak-ng makes them, the first piece at once, later ones in larger pieces.</summary>
sealed unsafe class Utterance
{
    /// <summary>espeak-ng is hundreds of times faster than speech: from the second piece on, fewer and larger frames cost less than they delay.</summary>
    const int PieceSamples = 11_025;

    readonly WorkerCall call;
    readonly PreparedText text;
    readonly int[] characters;
    readonly List<short> audio = new(2 * PieceSamples);
    readonly List<PhonemeMark> phonemes = [];
    readonly List<WordMark> words = [];
    long samples;
    long samplesAfterCancel;
    bool cancelled;

    Utterance(WorkerCall call, PreparedText text)
    {
        this.call = call;
        this.text = text;
        characters = CharacterStarts(text.Text);
    }

    internal static SpeakResult Say(WorkerCall call, PreparedText text)
    {
        var utterance = new Utterance(call, text);
        if (text.Text.Length > 0)
            Espeak.Say(text.Text, utterance.Take);
        if (!utterance.cancelled)
            utterance.Send();
        return new SpeakResult(utterance.samples, utterance.cancelled, utterance.samplesAfterCancel);
    }

    bool Take(ReadOnlySpan<short> buffer, EspeakEvent* events)
    {
        if (call.Cancelled.IsCancellationRequested)
        {
            cancelled = true;
            samplesAfterCancel += buffer.Length;
            return true;
        }
        var isFirst = samples == 0;
        samples += buffer.Length;
        audio.AddRange(buffer);
        Collect(events);
        if (isFirst || audio.Count >= PieceSamples)
            Send();
        return false;
    }

    void Send()
    {
        if (phonemes.Count > 0 || words.Count > 0)
            call.Event(JsonSerializer.SerializeToUtf8Bytes(new Marks(phonemes, words), MessageJson.Default.Marks));
        if (audio.Count > 0)
            call.Chunk(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(audio)));
        audio.Clear();
        phonemes.Clear();
        words.Clear();
    }

    void Collect(EspeakEvent* events)
    {
        for (var e = events; e is not null && e->Type != 0; e++)
        {
            if (e->Type == EspeakEvent.Phoneme)
            {
                var name = Name(e->Text);
                // "(en)" and the like announce a change of language; they are not sounds.
                if (!name.StartsWith('('))
                    phonemes.Add(new PhonemeMark(e->AudioPositionMs, name));
            }
            else if (e->Type == EspeakEvent.Word && e->Length > 0)
            {
                var from = Math.Clamp(e->TextPosition - 1, 0, characters.Length - 1);
                var to = Math.Clamp(from + e->Length, 0, characters.Length - 1);
                var (start, length) = text.Source(characters[from], characters[to]);
                if (length > 0)
                    words.Add(new WordMark(e->AudioPositionMs, start, length));
            }
        }
    }

    static string Name(byte* bytes)
    {
        var length = 0;
        while (length < 8 && bytes[length] != 0)
            length++;
        // A name that fills all eight bytes may be cut inside a character: what is left of it is dropped.
        return Encoding.UTF8.GetString(bytes, length).TrimEnd('\uFFFD');
    }

    /// <summary>The UTF-16 offset of each code point, and the length of the text.</summary>
    static int[] CharacterStarts(string text)
    {
        var starts = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
            starts.Add(i);
        starts.Add(text.Length);
        return [.. starts];
    }
}
