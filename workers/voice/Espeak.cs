using System.Runtime.InteropServices;
using System.Text;

namespace JeanTrail.VoiceWorker;

/// <summary>espeak-ng's state is global to the process, and so is this.</summary>
static unsafe class Espeak
{
    const int BufferMs = 60;

    /// <summary>Called with each buffer of audio; true stops the synthesis.</summary>
    internal delegate bool Sink(ReadOnlySpan<short> samples, EspeakEvent* events);

    static Sink? sink;
    static Exception? failure;
    static string currentVoice = "";

    internal static int SampleRate { get; private set; }

    /// <summary>Null on success, otherwise what is wrong.</summary>
    internal static string? Start(string? library)
    {
        if (!EspeakNative.TryLoad(library))
            return "The library libespeak-ng is not installed. Install the package espeak-ng (Debian, Ubuntu, Homebrew) to hear Jean.";
        SampleRate = EspeakNative.Initialize(
            EspeakNative.SynchronousOutput, BufferMs, null, EspeakNative.PhonemeEvents | EspeakNative.PhonemeIpa | EspeakNative.DontExit);
        if (SampleRate <= 0)
            return "espeak-ng is installed but its data (espeak-ng-data) could not be read.";
        EspeakNative.SetSynthCallback(&OnAudio);
        return null;
    }

    internal static string Version()
    {
        byte* path;
        return Marshal.PtrToStringUTF8((nint)EspeakNative.Info(&path))?.Split(' ')[0] ?? "";
    }

    internal static List<VoiceInfo> Voices(bool variants)
    {
        var specification = default(EspeakVoice);
        var wanted = "variant\0"u8;
        var found = new List<VoiceInfo>();
        fixed (byte* language = wanted)
        {
            if (variants)
                specification.Languages = language;
            for (var voice = EspeakNative.ListVoices(variants ? &specification : null); *voice is not null; voice++)
            {
                var identifier = Marshal.PtrToStringUTF8((nint)(*voice)->Identifier) ?? "";
                var name = Marshal.PtrToStringUTF8((nint)(*voice)->Name) ?? identifier;
                var spoken = (*voice)->Languages is null ? "" : Marshal.PtrToStringUTF8((nint)(*voice)->Languages + 1) ?? "";
                found.Add(new VoiceInfo(identifier, name, spoken, (*voice)->Gender));
            }
        }
        return found;
    }

    /// <summary>False when there is no such voice. Loading one costs a few milliseconds, so the last one is kept.</summary>
    internal static bool Use(string voice)
    {
        if (voice == currentVoice)
            return true;
        if (EspeakNative.SetVoiceByName(voice) != 0)
            return false;
        currentVoice = voice;
        return true;
    }

    internal static void Shape(double rate, double pitch)
    {
        _ = EspeakNative.SetParameter(EspeakNative.RateParameter, (int)Math.Round(175 * rate), 0);
        _ = EspeakNative.SetParameter(EspeakNative.PitchParameter, Math.Clamp((int)Math.Round(50 * pitch), 0, 99), 0);
    }

    /// <summary>Says <paramref name="text"/> into <paramref name="into"/>; returns when all is said or the sink has stopped it.</summary>
    internal static void Say(string text, Sink into)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        (sink, failure) = (into, null);
        fixed (byte* start = bytes)
        {
            uint id = 0;
            var error = EspeakNative.Synth(start, (nuint)bytes.Length, 0, 1, 0, EspeakNative.Utf8, &id, null);
            sink = null;
            if (failure is not null)
                throw new InvalidOperationException("The audio could not be passed on.", failure);
            if (error != 0)
                throw new InvalidOperationException($"espeak-ng answered with error {error}.");
        }
    }

    /// <summary>The phonemes of a text in the current voice, in IPA.</summary>
    internal static string Phonemes(string text)
    {
        const int ipa = 0x02;
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var result = new StringBuilder();
        fixed (byte* start = bytes)
        {
            var at = start;
            while (at is not null)
                result.Append(Marshal.PtrToStringUTF8((nint)EspeakNative.TextToPhonemes(&at, EspeakNative.Utf8, ipa)));
        }
        return result.ToString();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    static int OnAudio(short* samples, int count, EspeakEvent* events)
    {
        try
        {
            return sink is null || sink(new ReadOnlySpan<short>(samples, samples is null ? 0 : count), events) ? 1 : 0;
        }
        catch (Exception error)
        {
            // An exception must not cross native frames; it is thrown again after them.
            failure = error;
            return 1;
        }
    }
}
