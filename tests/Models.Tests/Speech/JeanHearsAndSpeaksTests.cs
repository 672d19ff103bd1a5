using System.Net.Http.Headers;
using System.Text.Json;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Jean with the speech models of the machine: the page's own endpoints, the real engine.</summary>
public sealed class JeanHearsAndSpeaksTests(LocalServer server) : IClassFixture<LocalServer>
{
    const string Sentence = "That is great news my friend!";

    async Task<JsonElement> PerformAsync(string text, string? language, string voice)
    {
        var (status, body) = await server.SendAsync(HttpMethod.Post, "/api/voice/performances", new { text, language, localVoice = voice, format = "pcm" });
        status.ShouldBe(200, body.ToString());
        return body;
    }

    async Task<(int Status, JsonElement Body)> HearAsync(HttpContent recording, string recogniser)
    {
        recording.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await server.Owner.PostAsync($"/api/voice/transcriptions?recogniser={recogniser}", recording);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()));
    }

    static string? CodeOf(JsonElement body) => body.GetProperty("code").GetString();

    [Fact]
    public async Task What_can_speak_and_listen_is_offered_to_whoever_is_signed_in()
    {
        TinySpeech.WriteVoice(server.Place, "offered-voice", "en-us");
        TinySpeech.WriteRecogniser(server.Place, "offered-ear");
        var offered = await server.GetAsync("/api/voice/local");
        var voice = offered.GetProperty("voices").EnumerateArray().First(one => one.GetProperty("name").GetString() == "offered-voice");
        (voice.GetProperty("kind").GetString(), voice.GetProperty("language").GetString()).ShouldBe(("vits", "en"));
        offered.GetProperty("longestSeconds").GetInt32().ShouldBe(300);
        offered.GetProperty("recognisers").EnumerateArray().ShouldContain(one => one.GetProperty("name").GetString() == "offered-ear");
        using var stranger = server.Host.NewClient();
        ((int)(await stranger.GetAsync("/api/voice/local")).StatusCode).ShouldBe(401);
        using var nothing = new ByteArrayContent([]);
        ((int)(await stranger.PostAsync("/api/voice/transcriptions?recogniser=offered-ear", nothing)).StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task Jean_speaks_with_the_local_voice_and_her_face_follows()
    {
        TinySpeech.WriteVoice(server.Place, "jean-voice", "en-us");

        var made = await PerformAsync(Sentence, "en", "jean-voice");

        made.GetProperty("fallbackCode").ValueKind.ShouldBe(JsonValueKind.Null);
        made.GetProperty("sampleRate").GetInt32().ShouldBe(TinySpeech.SampleRate);
        // Each letter and space of it is a tenth of a second; what is silent at the end is cut.
        var durationMs = made.GetProperty("durationMs").GetInt32();
        durationMs.ShouldBeInRange(Sentence.Length * 100 - 400, Sentence.Length * 100 + 200);
        made.GetProperty("audio").GetBytesFromBase64().Length.ShouldBeInRange(durationMs * 32 - 64, durationMs * 32 + 64);
        var visemes = made.GetProperty("visemes").EnumerateArray().ToList();
        visemes.Sum(viseme => viseme.GetProperty("durationMs").GetInt32()).ShouldBe(durationMs);
        visemes.Select(viseme => viseme.GetProperty("viseme").GetString()).Distinct().Count().ShouldBeGreaterThan(5, "the sounds are those of the text");
        made.GetProperty("words").EnumerateArray().Select(word => word.GetProperty("start").GetInt32()).ShouldBe([0, 5, 8, 14, 19, 22]);
        made.GetProperty("words").EnumerateArray().Last().GetProperty("atMs").GetInt32().ShouldBeGreaterThan(durationMs / 2, "words lie along this voice's reading");
        made.GetProperty("expressions")[0].GetProperty("name").GetString().ShouldBe("happy");

        // What it does not read, and what is not there any more, Jean reads as always.
        (await PerformAsync("Привет, мой друг.", null, "jean-voice")).GetProperty("sampleRate").GetInt32().ShouldBe(22_050);
        Directory.Delete(Path.Combine(server.Place, "jean-voice"), recursive: true);
        var fallen = await PerformAsync(Sentence, "en", "jean-voice");
        (fallen.GetProperty("sampleRate").GetInt32(), fallen.GetProperty("fallbackCode").GetString()).ShouldBe((22_050, "models.unknown"));
    }

    [Fact]
    public async Task Streamed_speech_comes_from_the_local_voice_too()
    {
        TinySpeech.WriteVoice(server.Place, "streamed");
        using var response = await server.Owner.PostAsync("/api/voice/speech", System.Net.Http.Json.JsonContent.Create(new { text = "Hello.", language = "en", localVoice = "streamed", format = "pcm" }));
        (await response.Content.ReadAsByteArrayAsync()).Length.ShouldBe("Hello.".Length * TinySpeech.LetterSamples * sizeof(short));
        response.Headers.Contains("Voice-Fallback").ShouldBeFalse();

        using var fallen = await server.Owner.PostAsync("/api/voice/speech", System.Net.Http.Json.JsonContent.Create(new { text = "Hello.", language = "en", localVoice = "nobody", format = "pcm" }));
        (await fallen.Content.ReadAsByteArrayAsync()).Length.ShouldBeGreaterThan(1000);
        fallen.Headers.GetValues("Voice-Fallback").ShouldBe(["models.unknown"]);
    }

    [Fact]
    public async Task A_recording_is_written_down_and_none_of_it_is_kept()
    {
        TinySpeech.WriteRecogniser(server.Place, "ear");
        var spoken = await Spoken.SayAsync("en-us", "The harbour is quiet this morning.", "Please bring the blue book.");
        using var recording = new ByteArrayContent(spoken.ToPcm());

        var (status, body) = await HearAsync(recording, "ear");

        status.ShouldBe(200, body.ToString());
        var segments = body.GetProperty("segments").EnumerateArray().ToList();
        segments.Count.ShouldBe(2);
        body.GetProperty("text").GetString().ShouldBe(string.Join(' ', segments.Select(one => one.GetProperty("text").GetString())));
        body.GetProperty("text").GetString()!.Length.ShouldBeGreaterThan(3);
        (segments[0].GetProperty("atMs").GetInt32() / 1000.0).ShouldBe(spoken.Borders[0].Start - 0.15, 0.1);
        body.GetProperty("durationMs").GetInt32().ShouldBe((int)(spoken.Samples.Length * 1000L / 16_000));
        using var silence = new ByteArrayContent(new byte[32_000]);
        (await HearAsync(silence, "ear")).Body.GetProperty("text").GetString().ShouldBe("");
    }

    [Fact]
    public async Task A_recording_whose_length_nobody_tells_is_stopped_where_it_is_too_long()
    {
        TinySpeech.WriteRecogniser(server.Place, "bounded");
        using var endless = new StreamContent(new Zeroes(32_000L * 60 * 6));
        var (status, body) = await HearAsync(endless, "bounded");
        (status, CodeOf(body)).ShouldBe((413, "voice.recording_too_long"));

        using var told = new ByteArrayContent(new byte[32_000 * 60 * 5 + 2]);
        (status, body) = await HearAsync(told, "bounded");
        (status, CodeOf(body)).ShouldBe((413, "voice.recording_too_long"));
        using var odd = new ByteArrayContent(new byte[32_001]);
        (status, body) = await HearAsync(odd, "bounded");
        (status, CodeOf(body)).ShouldBe((400, "voice.recording_invalid"));
    }

    [Fact]
    public async Task A_recogniser_that_is_not_there_or_is_a_voice_is_refused()
    {
        TinySpeech.WriteVoice(server.Place, "no-ear");
        using var one = new ByteArrayContent(new byte[32_000]);
        CodeOf((await HearAsync(one, "nobody")).Body).ShouldBe("models.unknown");
        using var two = new ByteArrayContent(new byte[32_000]);
        CodeOf((await HearAsync(two, "no-ear")).Body).ShouldBe("models.wrong_purpose");
    }

    /// <summary>So many bytes of silence of which the length is not told.</summary>
    sealed class Zeroes(long length) : Stream
    {
        long left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = (int)Math.Min(Math.Min(buffer.Length, left), 16_000);
            buffer.Span[..read].Clear();
            left -= read;
            return ValueTask.FromResult(read);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
