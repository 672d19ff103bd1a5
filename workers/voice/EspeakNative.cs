using System.Reflection;
using System.Runtime.InteropServices;

namespace JeanTrail.VoiceWorker;

/// <summary>The few functions of espeak-ng that are used. Source: espeak-ng 1.51, speak_lib.h.</summary>
static unsafe partial class EspeakNative
{
    internal const int SynchronousOutput = 2;
    internal const int PhonemeEvents = 0x0001;
    internal const int PhonemeIpa = 0x0002;
    internal const int DontExit = 0x8000;
    internal const int Utf8 = 1;
    internal const int RateParameter = 1;
    internal const int PitchParameter = 3;
    const string Library = "espeak-ng";

    /// <summary>Where the library may be, by platform; the loader's own search comes first.</summary>
    static readonly string[] Names =
    [
        "libespeak-ng.so.1", "libespeak-ng.1.dylib", "libespeak-ng.dylib", "/opt/homebrew/lib/libespeak-ng.1.dylib",
        "/usr/local/lib/libespeak-ng.1.dylib", "libespeak-ng.dll", "espeak-ng.dll",
    ];

    /// <summary>Finds the library; false when it is not installed.</summary>
    /// <param name="path">A path that is tried first, or null.</param>
    internal static bool TryLoad(string? path)
    {
        nint handle = 0;
        var found = path is not null && NativeLibrary.TryLoad(path, out handle);
        for (var i = 0; !found && i < Names.Length; i++)
            found = NativeLibrary.TryLoad(Names[i], out handle);
        if (found)
            NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == Library ? handle : 0);
        return found;
    }

    [LibraryImport(Library, EntryPoint = "espeak_Initialize")]
    internal static partial int Initialize(int output, int bufferMs, byte* path, int options);

    [LibraryImport(Library, EntryPoint = "espeak_Info")]
    internal static partial byte* Info(byte** path);

    [LibraryImport(Library, EntryPoint = "espeak_SetSynthCallback")]
    internal static partial void SetSynthCallback(delegate* unmanaged[Cdecl]<short*, int, EspeakEvent*, int> callback);

    [LibraryImport(Library, EntryPoint = "espeak_Synth")]
    internal static partial int Synth(byte* text, nuint size, uint position, int positionType, uint endPosition, uint flags, uint* id, void* userData);

    [LibraryImport(Library, EntryPoint = "espeak_SetVoiceByName", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetVoiceByName(string name);

    [LibraryImport(Library, EntryPoint = "espeak_SetParameter")]
    internal static partial int SetParameter(int parameter, int value, int relative);

    [LibraryImport(Library, EntryPoint = "espeak_ListVoices")]
    internal static partial EspeakVoice** ListVoices(EspeakVoice* specification);

    [LibraryImport(Library, EntryPoint = "espeak_TextToPhonemes")]
    internal static partial byte* TextToPhonemes(byte** text, int textMode, int phonemeMode);
}

/// <summary>Lists of them end at type 0.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
unsafe struct EspeakEvent
{
    internal const int Word = 1;
    internal const int Phoneme = 7;

    [FieldOffset(0)] internal int Type;

    /// <summary>1-based, in characters (code points).</summary>
    [FieldOffset(8)] internal int TextPosition;
    [FieldOffset(12)] internal int Length;
    [FieldOffset(16)] internal int AudioPositionMs;
    [FieldOffset(32)] internal fixed byte Text[8];
}

[StructLayout(LayoutKind.Sequential)]
unsafe struct EspeakVoice
{
    internal byte* Name;

    /// <summary>Pairs of a priority byte and a language name, ended by a zero priority.</summary>
    internal byte* Languages;
    internal byte* Identifier;
    internal byte Gender;
    internal byte Age;
    internal byte Variant;
    internal byte Reserved;
    internal int Score;
    internal void* Spare;
}
