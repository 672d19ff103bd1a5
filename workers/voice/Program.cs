using System.Text.Json;
using JeanTrail.Kernel.Workers;
using JeanTrail.VoiceWorker;

// Usage: jeantrail-voice [path of libespeak-ng]. Speaks the frame protocol of src/Kernel/Workers on stdin and stdout.
using var program = new WorkerProgram(Console.OpenStandardInput(), Console.OpenStandardOutput());
Console.SetOut(TextWriter.Null);

if (Espeak.Start(args.Length > 0 ? args[0] : null) is { } missing)
{
    program.Refuse("espeak_missing", missing);
    return 3;
}

var variants = Espeak.Voices(variants: true);
var voices = Espeak.Voices(variants: false);
var hello = new Hello($"espeak-ng {Espeak.Version()}", Espeak.SampleRate, voices, variants);
var known = voices.Select(voice => voice.Identifier).ToHashSet(StringComparer.Ordinal);
var shapes = variants.Select(variant => variant.Identifier).ToHashSet(StringComparer.Ordinal);
program.Serve(JsonSerializer.SerializeToUtf8Bytes(hello, MessageJson.Default.Hello), Speak, gone: () => Environment.Exit(0), WarmUp());
return 0;

// The first sentence must not pay for the just-in-time compiler.
IEnumerable<Action> WarmUp()
{
    string[] samples = ["gmw/en-US", "Hello, it is 1,000.", "sem/ar", "مدرسة 5%", "aav/vi", "Xin chào 1,5", "zle/ru", "Привет 1000000"];
    for (var i = 0; i < samples.Length; i += 2)
    {
        var request = new SpeakRequest(samples[i + 1], samples[i], null);
        if (known.Contains(request.Voice))
            yield return () => Rehearse(request);
    }
}

void Rehearse(SpeakRequest request)
{
    using var nowhere = new WorkerProgram(Stream.Null, Stream.Null);
    var frame = new Frame(FrameType.Call, 0, JsonSerializer.SerializeToUtf8Bytes(request, MessageJson.Default.SpeakRequest));
    Speak(new WorkerCall(nowhere, frame, CancellationToken.None));
}

byte[] Speak(WorkerCall call)
{
    SpeakRequest request;
    try
    {
        request = JsonSerializer.Deserialize(call.Payload.Span, MessageJson.Default.SpeakRequest) ?? throw new JsonException();
    }
    catch (JsonException)
    {
        throw new WorkerCallException("bad_request", "The request could not be read.");
    }
    if (request.Voice is null || !known.Contains(request.Voice) || (request.Variant is not null && !shapes.Contains($"!v/{request.Variant}")))
        throw new WorkerCallException("voice_unknown", "espeak-ng has no such voice.");
    if (!Espeak.Use(request.Variant is null ? request.Voice : $"{request.Voice}+{request.Variant}"))
        throw new WorkerCallException("voice_unknown", "espeak-ng could not load this voice.");
    Espeak.Shape(Math.Clamp(request.Rate, 0.5, 2), Math.Clamp(request.Pitch, 0, 2));
    var language = voices.First(voice => voice.Identifier == request.Voice).Language.Split('-')[0];
    var result = Utterance.Say(call, PreparedText.For(request.Text ?? "", language));
    return JsonSerializer.SerializeToUtf8Bytes(result, MessageJson.Default.SpeakResult);
}
