using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using JeanTrail.Testing.Simulators;
using JeanTrail.Testing.Speech;

namespace JeanTrail.Chat.Tests.Recordings;

/// <summary>The whole way with the real engine: a file as it is recorded, ffmpeg, a recogniser of this machine, and words.</summary>
public sealed class RecordingTests : IAsyncLifetime
{
    readonly DirectoryInfo models = Directory.CreateTempSubdirectory("jean-models-");

    public Task InitializeAsync()
    {
        TinySpeech.WriteRecogniser(models.FullName, "ear");
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        models.Delete(recursive: true);
        return Task.CompletedTask;
    }

    Task<ChatHost> StartAsync(params (string Key, string Value)[] settings) => ChatHost.StartAsync(settings: [("Models:Folder", models.FullName), ("Models:Threads", "1"), .. settings]);

    static async Task<Guid> UploadAsync(ChatHost chat, string name, byte[] content, string? mediaType = null)
    {
        var made = await chat.UploadAsync(name, content);
        if (mediaType is not null)
            made.GetProperty("mediaType").GetString().ShouldBe(mediaType);
        return made.GetProperty("id").GetGuid();
    }

    [Fact]
    public async Task Every_format_that_is_recorded_in_is_written_down()
    {
        await using var chat = await StartAsync();
        var spoken = await Spoken.SayAsync("en-us", "The harbour is quiet this morning.", "Please bring the blue book.");
        var wav = Recorded.Wav(spoken.ToPcm());
        var plain = await UploadAsync(chat, "plain.wav", wav, "audio/wav");
        Recorded.Words(await chat.WrittenAsync(plain))!.ShouldBe(await HeardAsync(chat, spoken.ToPcm()));
        foreach (var (name, type, options) in new[]
        {
            ("a.ogg", "audio/ogg", "-c:a libopus -b:a 64k -f ogg pipe:1"),
            ("a.webm", "audio/webm", "-c:a libopus -b:a 64k -f webm pipe:1"),
            ("a.m4a", "audio/mp4", "-c:a aac -b:a 96k -f ipod pipe:1"),
            // As Safari records: in fragments, with no brand of sound.
            ("a.mp4", "audio/mp4", "-c:a aac -b:a 96k -movflags frag_keyframe+empty_moov -f mp4 pipe:1"),
            ("a.mp3", "audio/mpeg", "-c:a libmp3lame -b:a 96k -f mp3 pipe:1"),
            ("a.flac", "audio/flac", "-c:a flac -f flac pipe:1"),
            ("stereo.wav", "audio/wav", "-ar 44100 -ac 2 -c:a pcm_s16le -f wav pipe:1"),
            ("deep.wav", "audio/wav", "-ar 48000 -c:a pcm_s24le -f wav pipe:1"),
        })
        {
            var packed = await Recorded.PackAsync(wav, options);
            var written = await chat.WrittenAsync(await UploadAsync(chat, name, packed, type));
            Recorded.State(written).ShouldBe("done", name);
            // This recogniser takes the least change for another letter, so it is asked about what is really in the file.
            var heard = await HeardAsync(chat, await Recorded.UnpackAsync(packed));
            Likeness(Recorded.Words(written) ?? "", heard).ShouldBeGreaterThan(name == "stereo.wav" ? 0.6 : 0.9, $"{name}: {Recorded.Words(written)} / {heard}");
        }
    }

    /// <summary>What the recogniser hears in samples that it is given by themselves.</summary>
    static async Task<string> HeardAsync(ChatHost chat, byte[] pcm)
    {
        using var samples = new ByteArrayContent(pcm);
        samples.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await chat.Client.PostAsync("/api/voice/transcriptions?recogniser=ear", samples);
        var heard = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("text").GetString()!;
        heard.Length.ShouldBeGreaterThan(4);
        return heard;
    }

    [Fact]
    public async Task What_is_said_is_told_to_the_model_shown_with_the_message_and_found()
    {
        await using var chat = await StartAsync();
        var spoken = await Spoken.SayAsync("en-us", "When does the lighthouse open on Sunday?");
        var file = await UploadAsync(chat, "asked.ogg", await Recorded.PackAsync(Recorded.Wav(spoken.ToPcm()), "-c:a libopus -f ogg pipe:1"));
        await chat.WrittenAsync(file);
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("At two.").End();
        await using var reader = await chat.AskAsync(conversation, "", file);
        (await reader.UntilAsync("done")).GetProperty("status").GetString().ShouldBe("completed");

        var words = Recorded.Words(await chat.TranscriptAsync(file)).ShouldNotBeNull();
        var told = chat.Model.Asked.Single()[^1].Text;
        told.ShouldContain($"<attached_file name=\"asked.ogg\" type=\"audio/ogg\" holds=\"what is said in it\">\n{words}");
        told.ShouldStartWith("[The person wrote nothing beside this");
        var shown = (await chat.MessagesAsync(conversation))[0].GetProperty("parts")[0].GetProperty("attachment").GetProperty("transcript");
        (Recorded.State(shown), Recorded.Words(shown), shown.GetProperty("length").GetInt32()).ShouldBe(("done", words, words.Length));
        await Eventually.BeTrueAsync(async () => (await FindAsync(chat, words.Split(' ')[0])).Contains(conversation), "it is found by a word that was only said");
    }

    [Fact]
    public async Task Broken_and_hostile_files_have_no_words_and_say_why()
    {
        await using var chat = await StartAsync(("Chat:Attachments:LongestRecording", "00:10:00"));
        var ogg = await Recorded.PackAsync(Recorded.Tone, "-c:a libopus -f ogg pipe:1");
        var noise = new byte[50_000];
        new Random(7).NextBytes(noise);
        var playlist = "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"u8;
        foreach (var (name, content) in new (string, byte[])[]
        {
            ("cut.ogg", ogg[..40]),
            ("noise.ogg", [.. "OggS"u8, .. noise]),
            ("noise.mp3", [.. "ID3"u8, .. noise]),
            ("noise.webm", [0x1A, 0x45, 0xDF, 0xA3, .. noise]),
            ("noise.m4a", [0, 0, 0, 32, .. "ftypM4A "u8, .. noise]),
            ("noise.flac", [.. "fLaC"u8, .. noise]),
            ("nothing.wav", [.. WavHeader44()]),
            ("list.wav", [.. "RIFF\0\0\0\0WAVE"u8, .. playlist]),
        })
        {
            var written = await chat.WrittenAsync(await UploadAsync(chat, name, content));
            // Noise behind the mark of an MP3 may hold a frame or two in which nothing is said.
            if (name != "noise.mp3" || Recorded.State(written) != "done")
                (Recorded.State(written), Recorded.Code(written)).ShouldBe(("failed", "unreadable"), name);
            Recorded.Words(written).ShouldBeNull(name);
        }

        var bomb = await Recorded.SilenceAsync(3600);
        bomb.Length.ShouldBeLessThan(100_000);
        var refused = await chat.WrittenAsync(await UploadAsync(chat, "bomb.flac", bomb));
        (Recorded.State(refused), Recorded.Code(refused)).ShouldBe(("failed", "too-long"));
        // It was unpacked into a file without a name, which lives as long as somebody has it open.
        var nameless = Path.Combine(Path.GetTempPath(), "jeantrail-");
        await Eventually.BeTrueAsync(
            () => !Directory.GetFiles("/proc/self/fd").Any(open => new FileInfo(open).LinkTarget is { } file && file.StartsWith(nameless, StringComparison.Ordinal) && !file[nameless.Length..].Contains('/')),
            "what was unpacked of it is gone");
    }

    [Fact]
    public async Task Without_ffmpeg_plain_recordings_are_written_down_and_others_say_what_is_missing()
    {
        await using var chat = await StartAsync(("Chat:Attachments:FfmpegPath", "no-such-program"));
        var spoken = await Spoken.SayAsync("en-us", "Please bring the blue book.");
        var wav = Recorded.Wav(spoken.ToPcm());
        Recorded.State(await chat.WrittenAsync(await UploadAsync(chat, "a.wav", wav))).ShouldBe("done");
        var packed = await chat.WrittenAsync(await UploadAsync(chat, "a.ogg", await Recorded.PackAsync(wav, "-c:a libopus -f ogg pipe:1")));
        (Recorded.State(packed), Recorded.Code(packed)).ShouldBe(("failed", "no-decoder"));
    }

    [Fact]
    public async Task Without_a_recogniser_a_recording_stays_as_it_is_until_there_is_one()
    {
        Directory.Delete(Path.Combine(models.FullName, "ear"), recursive: true);
        await using var chat = await StartAsync();
        var uploaded = await chat.UploadAsync("a.wav", Recorded.Wav((await Spoken.SayAsync("en-us", "Please bring the blue book.")).ToPcm()));
        var transcript = uploaded.GetProperty("transcript");
        (Recorded.State(transcript), Recorded.Code(transcript)).ShouldBe(("none", "no-recogniser"));
        var file = uploaded.GetProperty("id").GetGuid();
        var conversation = await chat.NewConversationAsync();
        chat.Model.Say("I cannot hear it.").End();
        await using (var reader = await chat.AskAsync(conversation, "Listen", file))
            await reader.UntilAsync("done");
        chat.Model.Asked.Single()[^1].Text.ShouldContain("a recording that could not be written down");

        TinySpeech.WriteRecogniser(models.FullName, "ear");
        Recorded.State(await chat.PostAsync($"/api/chat/attachments/{file}/transcript", new { })).ShouldBe("pending");
        var written = await chat.WrittenAsync(file);
        (Recorded.State(written), written.GetProperty("model").GetString()).ShouldBe(("done", "ear"));
        Recorded.Words(written).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_recording_leaves_the_machine_only_for_the_model_that_the_person_chose_and_only_where_there_is_no_recogniser_here()
    {
        Directory.Delete(Path.Combine(models.FullName, "ear"), recursive: true);
        await using var upstream = await OpenAiServer.StartAsync(new OpenAiServerOptions { Models = ["whisper-x"] });
        upstream.Hears = "Said far away.";
        await using var chat = await StartAsync();
        using var connected = await chat.Client.PostAsJsonAsync("/api/gateway/providers", new { name = "Far ears", baseUrl = upstream.BaseUrl.ToString(), kind = "openai" });
        var slug = (await connected.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("slug").GetString();
        Recorded.State((await chat.UploadAsync("unasked.wav", Recorded.Tone)).GetProperty("transcript")).ShouldBe("none");
        upstream.Recordings.ShouldBeEmpty();

        await chat.PutAsync("/api/accounts/preferences", new { recordingsModel = $"{slug}/whisper-x" });
        var written = await chat.WrittenAsync(await UploadAsync(chat, "asked.wav", Recorded.Tone));
        (Recorded.Words(written), written.GetProperty("model").GetString()).ShouldBe(("Said far away.", $"{slug}/whisper-x"));
        var (model, sent) = upstream.Recordings.Single();
        (model, sent.Length).ShouldBe(("whisper-x", Recorded.Tone.Length));

        // What cannot be asked is not asked, and what is here comes first.
        await chat.PutAsync("/api/accounts/preferences", new { recordingsModel = "nobody/whisper" });
        Recorded.State((await chat.UploadAsync("gone.wav", Recorded.Tone)).GetProperty("transcript")).ShouldBe("none");
        await chat.PutAsync("/api/accounts/preferences", new { recordingsModel = $"{slug}/whisper-x" });
        TinySpeech.WriteRecogniser(models.FullName, "ear");
        (await chat.WrittenAsync(await UploadAsync(chat, "here.wav", Recorded.Tone))).GetProperty("model").GetString().ShouldBe("ear");
        upstream.Recordings.Count.ShouldBe(1);
    }

    static byte[] WavHeader44() => Recorded.Wav([]);

    static async Task<Guid[]> FindAsync(ChatHost chat, string word)
        => [.. (await chat.GetAsync($"/api/chat/search?q={Uri.EscapeDataString(word)}")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("conversationId").GetGuid())];

    /// <summary>1 for the same letters, less by each that must be changed.</summary>
    static double Likeness(string one, string other)
    {
        var before = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var now = new int[other.Length + 1];
            now[0] = i;
            for (var j = 1; j <= other.Length; j++)
                now[j] = Math.Min(Math.Min(now[j - 1], before[j]) + 1, before[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
            before = now;
        }

        return 1 - (double)before[^1] / Math.Max(1, Math.Max(one.Length, other.Length));
    }
}
