using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using JeanTrail.Kernel.Workers;

namespace JeanTrail.VoiceWorker;

/// <summary>One text being said: audio and marks go out as espeak-ng makes them.</summary>
static unsafe class Utterance
{
    internal static SpeakResult Say(WorkerCall call, PreparedText text)
    {
        long samples = 0, afterCancel = 0;
        var cancelled = false;
        if (text.Text.Length == 0)
            return new SpeakResult(0, false, 0);
        var characters = CharacterStarts(text.Text);
        Espeak.Say(text.Text, (audio, events) =>
        {
            if (call.Cancelled.IsCancellationRequested)
            {
                cancelled = true;
                afterCancel += audio.Length;
                return true;
            }
            samples += audio.Length;
            SendMarks(call, events, characters, text);
            if (audio.Length > 0)
                call.Chunk(MemoryMarshal.AsBytes(audio));
            return false;
        });
        return new SpeakResult(samples, cancelled, afterCancel);
    }

    static void SendMarks(WorkerCall call, EspeakEvent* events, int[] characters, PreparedText text)
    {
        List<PhonemeMark> phonemes = [];
        List<WordMark> words = [];
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
        if (phonemes.Count > 0 || words.Count > 0)
            call.Event(JsonSerializer.SerializeToUtf8Bytes(new Marks(phonemes, words), MessageJson.Default.Marks));
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
