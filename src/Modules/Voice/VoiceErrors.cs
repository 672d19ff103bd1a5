using JeanTrail.Kernel.Errors;

namespace JeanTrail.Voice;

/// <summary>The module's expected failures.</summary>
internal static class VoiceErrors
{
    internal static readonly Error LanguageUnknown = new("voice.language_unknown", 400, "Jean has no voice for this language.");
    internal static readonly Error VoiceUnknown = new("voice.voice_unknown", 400, "There is no such voice on this server.");
    internal static readonly Error TextEmpty = new("voice.text_empty", 400, "There is nothing in this text that can be said.");
    internal static readonly Error TextTooLong = new("voice.text_too_long", 400, "A performance may have at most 2,000 characters. Send it sentence by sentence.");
    internal static readonly Error Busy = new("voice.busy", 503, "Too many sentences are waiting to be said. Try again in a moment.");
    internal static readonly Error Lost = new("voice.worker_lost", 503, "The voice stopped in the middle and is being started again. Try again.");

    internal static readonly Error LocalSlow = new("voice.local_slow", 503, "The local voice gave nothing for too long.");
    internal static readonly Error LocalSilent = new("voice.local_silent", 422, "The local voice has no sound for this text.");
    internal static readonly Error RecordingInvalid = new("voice.recording_invalid", 400, "Send 16-bit little-endian mono samples at 16 kHz, without a header.");
    internal static readonly Error RecordingStalled = new("voice.recording_stalled", 408, "No audio came for too long. Say what was not heard once more.");
    internal static readonly Error SocketNeeded = new("voice.socket_needed", 426, "Words while they are spoken come over a WebSocket.");
    internal static readonly Error RecordingBusy = new("voice.recording_busy", 429, "Other recordings of yours are still being written down. Try again when they are.");

    internal static readonly Error OggUnavailable = new(
        "voice.format_unavailable", 503, "Ogg needs the program ffmpeg, which is not installed on the server. Ask for wav instead.");

    internal static Error RecordingTooLong(TimeSpan most)
        => new Error("voice.recording_too_long", 413, $"At most {(int)most.TotalSeconds} seconds are written down at once.").With("seconds", (int)most.TotalSeconds);

    internal static Error Unavailable(string detail) => new("voice.unavailable", 503, detail);
}
