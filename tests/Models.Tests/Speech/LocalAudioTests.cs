using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Speech;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Local voices and recognisers at the Gateway's door, as programs written for OpenAI's API meet them.</summary>
public sealed class LocalAudioTests(LocalAudioTests.Server server) : IClassFixture<LocalAudioTests.Server>
{
    [Theory]
    [InlineData("wav", "audio/wav", 44)]
    [InlineData("pcm", "audio/pcm", 0)]
    public async Task A_voice_speaks(string format, string type, int header)
    {
        using var response = await server.Client.PostAsJsonAsync("/v1/audio/speech", new { model = "local/mouth", input = "Hello there. It works.", voice = "1", response_format = format });

        var audio = await response.Content.ReadAsByteArrayAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(System.Text.Encoding.UTF8.GetString(audio));
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        audio.Length.ShouldBe(header + ("Hello there.".Length + "It works.".Length) * TinySpeech.LetterSamples * sizeof(short));
        if (header > 0)
            BinaryPrimitives.ReadInt32LittleEndian(audio.AsSpan(24)).ShouldBe(TinySpeech.SampleRate);
    }

    [Fact]
    public async Task A_recording_is_written_down_the_same_whatever_its_rate_and_channels()
    {
        var spoken = await Spoken.SayAsync("en-us", "The harbour is quiet this morning.", "Please bring the blue book.");
        var asItIs = await TranscribeAsync(Wave(spoken.Samples, 16_000, 1), "verbose_json");
        var segments = asItIs.GetProperty("segments").EnumerateArray().ToList();
        segments.Count.ShouldBe(2);
        segments[0].GetProperty("start").GetDouble().ShouldBe(spoken.Borders[0].Start - 0.15, 0.1);
        asItIs.GetProperty("duration").GetDouble().ShouldBe(spoken.Samples.Length / 16_000.0, 0.01);

        (await TranscribeAsync(Wave(spoken.Samples, 16_000, 2), "json")).GetProperty("text").GetString().ShouldBe(asItIs.GetProperty("text").GetString());
        // Three samples for each: the middle one is what the filter has to make again.
        var tripled = spoken.Samples.SelectMany((sample, at) => Enumerable.Range(0, 3).Select(part => sample + (spoken.Samples[Math.Min(at + 1, spoken.Samples.Length - 1)] - sample) * part / 3));
        var faster = await TranscribeAsync(Wave([.. tripled], 48_000, 1), "verbose_json");
        faster.GetProperty("segments").EnumerateArray().Select(one => one.GetProperty("start").GetDouble())
            .ShouldBe(segments.Select(one => one.GetProperty("start").GetDouble()), 0.05);
    }

    [Fact]
    public async Task Who_said_what_is_written_down_and_who_is_known_by_name()
    {
        float[][] parts = [TinySpeakers.Silence(1), TinySpeakers.LowVoice(3), TinySpeakers.Silence(1.5), TinySpeakers.HighVoice(3), TinySpeakers.Silence(1.5)];
        var wave = Wave([.. parts.SelectMany(part => part)], 16_000, 1);

        var nameless = await DiariseAsync(wave);
        var segments = nameless.GetProperty("segments").EnumerateArray().ToList();
        segments.Select(one => one.GetProperty("speaker").GetString()).Distinct().ShouldBe(["A", "B"]);
        segments.ShouldAllBe(one => one.GetProperty("text").GetString() != "" && one.GetProperty("type").GetString() == "transcript.text.segment");
        segments.Select(one => one.GetProperty("id").GetString()).ShouldBeUnique();
        segments[0].GetProperty("start").GetDouble().ShouldBe(1, 0.5);
        segments[^1].GetProperty("end").GetDouble().ShouldBeInRange(6, 9);
        nameless.GetProperty("text").GetString().ShouldBe(string.Join(' ', segments.Select(one => one.GetProperty("text").GetString())));

        var known = await DiariseAsync(wave, ("Hanna", Wave(TinySpeakers.HighVoice(2), 16_000, 1)));
        known.GetProperty("segments").EnumerateArray().Select(one => one.GetProperty("speaker").GetString()).Distinct().ShouldBe(["A", "Hanna"]);
    }

    [Fact]
    public async Task The_language_is_told_where_Whisper_is_there()
    {
        var spoken = await Spoken.SayAsync("en-us", "The harbour is quiet this morning.");
        (await TranscribeAsync(Wave(spoken.Samples, 16_000, 1), "verbose_json")).GetProperty("language").GetString().ShouldBeOneOf("en", "ru");
    }

    async Task<JsonElement> DiariseAsync(byte[] wave, params (string Name, byte[] Wave)[] known)
    {
        // Tones are no speech to what tells speech from silence; one that writes while one speaks does not ask it.
        using var response = await PostAsync("local/stream", wave, "diarized_json", known);
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonElement.Parse(text);
    }

    [Theory]
    [InlineData("local/mouth", true)]
    [InlineData("local/ear", false)]
    public async Task What_cannot_be_written_down_is_the_callers_to_mend(string model, bool wave)
    {
        using var response = await PostAsync(model, wave ? Wave(new float[16_000], 16_000, 1) : "ID3 this is an mp3 file"u8.ToArray(), "json");

        ((int)response.StatusCode).ShouldBe(400, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Other_formats_are_refused()
    {
        using var response = await server.Client.PostAsJsonAsync("/v1/audio/speech", new { model = "local/mouth", input = "Hello.", voice = "0", response_format = "mp3" });

        ((int)response.StatusCode).ShouldBe(400, await response.Content.ReadAsStringAsync());
    }

    async Task<JsonElement> TranscribeAsync(byte[] wave, string format)
    {
        using var response = await PostAsync("local/ear", wave, format);
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonElement.Parse(text);
    }

    async Task<HttpResponseMessage> PostAsync(string model, byte[] file, string format, params (string Name, byte[] Wave)[] known)
    {
        using var audio = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("audio/wav") } };
        using var form = new MultipartFormDataContent { { audio, "file", "said.wav" }, { new StringContent(model), "model" }, { new StringContent(format), "response_format" } };
        foreach (var (name, wave) in known)
        {
            form.Add(new StringContent(name), "known_speaker_names[]");
            form.Add(new StringContent($"data:audio/wav;base64,{Convert.ToBase64String(wave)}"), "known_speaker_references[]");
        }

        return await server.Client.PostAsync("/v1/audio/transcriptions", form);
    }

    static byte[] Wave(float[] samples, int rate, int channels)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + samples.Length * channels * sizeof(short));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)channels);
        writer.Write(rate);
        writer.Write(rate * channels * sizeof(short));
        writer.Write((short)(channels * sizeof(short)));
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(samples.Length * channels * sizeof(short));
        foreach (var sample in samples)
        {
            for (var channel = 0; channel < channels; channel++)
                writer.Write((short)Math.Round(Math.Clamp(sample, -1, 1) * short.MaxValue));
        }

        return stream.ToArray();
    }

    public sealed class Server : IAsyncLifetime
    {
        readonly LocalServer local = new();

        internal HttpClient Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await local.InitializeAsync();
            var place = local.Place;
            TinySpeech.WriteVoice(place, "mouth");
            TinySpeech.WriteRecogniser(place, "ear");
            TinyListening.WriteCtc(place, "stream");
            TinySpeakers.WriteSegmentation(place, "turns");
            TinySpeakers.WriteEmbedding(place, "voices");
            TinySpeakers.WriteWhisper(place, "whisper");
            var key = (await local.SendAsync(HttpMethod.Post, "/api/gateway/keys", new { name = "program", surfaces = new[] { "*" }, models = new[] { "local/*" } })).Body.GetProperty("secret").GetString();
            Client = local.Host.NewClient();
            Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await local.DisposeAsync();
        }
    }
}
