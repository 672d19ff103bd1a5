using System.Text.Json;
using JeanTrail.Contracts.Models;
using JeanTrail.Models.Library;
using JeanTrail.Models.Pulls;
using JeanTrail.Models.Speech;
using JeanTrail.Testing;
using JeanTrail.Testing.Onnx;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static JeanTrail.Models.Tests.Speech.SpeechWorkers;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Speech models are pulled, verified and removed as other models are.</summary>
public sealed class PullSpeechTests(LocalServer server) : IClassFixture<LocalServer>, IDisposable
{
    readonly string desk = Directory.CreateTempSubdirectory("jean-desk-").FullName;

    public void Dispose() => Directory.Delete(desk, recursive: true);

    ILocalSpeech Speech => server.Host.Services.GetRequiredService<ILocalSpeech>();

    IModelAdministration Console => server.Host.Services.GetRequiredService<IModelAdministration>();

    async Task<JsonElement> ModelAsync(string name)
        => (await server.GetAsync("/api/models/speech")).GetProperty("items").EnumerateArray().FirstOrDefault(model => model.GetProperty("name").GetString() == name);

    async Task<string?> FailsAsync(string file, byte[] content, string? name = null)
    {
        server.Files.Offer(file, content);
        var pull = await server.StartPullAsync(server.Files.Hub(file), name);
        await server.UntilAsync(pull, "failed");
        Directory.GetFileSystemEntries(server.Place, $"*{pull:N}*").ShouldBeEmpty();
        return (await server.PullOfAsync(pull)).GetProperty("errorCode").GetString();
    }

    static async Task<string> CodeOfAsync(Func<Task> call) => (await Should.ThrowAsync<LocalModelException>(call)).Error.Code;

    Task<List<SynthesisedAudio>> SayAsync(string voice) => AllAsync(Speech.SpeakAsync(voice, new SynthesisRequest("Ahoy."), default));

    [Theory]
    [InlineData(".tar.bz2")]
    [InlineData(".tar.gz")]
    [InlineData(".zip")]
    public async Task An_archive_becomes_a_model_that_speaks_is_verified_and_removed(string ending)
    {
        var name = $"voice{ending.Replace('.', '-')}";
        server.Files.Offer($"Voice{ending}", Packed.Folder(TinySpeech.WriteVoice(desk, "vits-tiny"), ending));
        await server.UntilAsync(await server.StartPullAsync(server.Files.Hub($"Voice{ending}"), name), "installed");

        var model = await ModelAsync(name);
        (model.GetProperty("kind").GetString(), model.GetProperty("purpose").GetString(), model.GetProperty("verifiable").GetBoolean()).ShouldBe(("vits", "voice", true));
        (await SayAsync(name)).Sum(piece => piece.Samples.Length).ShouldBe("Ahoy.".Length * TinySpeech.LetterSamples * sizeof(short));
        (await server.SendAsync(HttpMethod.Post, $"/api/models/speech/{name}/verify")).Body.GetProperty("whole").GetBoolean().ShouldBeTrue();

        // One byte is another: it is used no more, until it is as it was.
        var tokens = Path.Combine(server.Place, name, "tokens.txt");
        var before = await File.ReadAllBytesAsync(tokens);
        await File.WriteAllBytesAsync(tokens, [.. before[..^1], (byte)'x']);
        (await server.SendAsync(HttpMethod.Post, $"/api/models/speech/{name}/verify")).Body.GetProperty("whole").GetBoolean().ShouldBeFalse();
        (await ModelAsync(name)).GetProperty("damaged").GetBoolean().ShouldBeTrue();
        (await CodeOfAsync(() => SayAsync(name))).ShouldBe("models.unreadable");
        (await Speech.ListAsync(default)).ShouldNotContain(one => one.Name == name);
        await File.WriteAllBytesAsync(tokens, before);
        (await Console.VerifyAsync(name, (_, _) => { }, default)).Value.ShouldBeTrue();
        await SayAsync(name);

        // Removed while it is loaded.
        (await server.SendAsync(HttpMethod.Delete, $"/api/models/speech/{name}")).Status.ShouldBe(204);
        (await CodeOfAsync(() => SayAsync(name))).ShouldBe("models.unknown");
        Directory.GetFileSystemEntries(server.Place, $"*{name}*").ShouldBeEmpty();
        (await server.SendAsync(HttpMethod.Delete, $"/api/models/speech/{name}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task The_console_takes_an_archive_of_this_machine_and_knows_the_model_by_its_name()
    {
        var path = Path.Combine(desk, "Tiny_Ear.tar.bz2");
        await File.WriteAllBytesAsync(path, Packed.Folder(TinySpeech.WriteRecogniser(desk, "ear"), ".tar.bz2"));

        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        File.SetLastWriteTimeUtc(path, now.AddHours(-7));

        var seen = new List<DateTime>();
        var pulled = (await Console.PullAsync(path, name: null, (_, _) => seen.AddRange(Directory.GetFiles(server.Place, ".*.part").Select(File.GetLastWriteTimeUtc)), default)).Value;

        seen.ShouldNotBeEmpty();
        seen.ShouldAllBe(time => time > now.AddHours(-1), "what has lain for long is swept up");

        (pulled.Name, pulled.Purpose, pulled.Architecture, pulled.State).ShouldBe(("tiny-ear", "recogniser", "sense-voice", "ready"));
        File.Exists(path).ShouldBeTrue("the person's own file stays");
        (await Console.PullAsync(path, name: null, (_, _) => { }, default)).Error!.Code.ShouldBe("models.name_taken");
        (await Console.RemoveAsync("tiny-ear", default)).Succeeded.ShouldBeTrue();
        (await Console.RemoveAsync("tiny-ear", default)).Error!.Code.ShouldBe("models.unknown");
        TinySpeech.WriteVoice(server.Place, "by-hand");
        (await Console.VerifyAsync("by-hand", (_, _) => { }, default)).Error!.Code.ShouldBe("models.unverifiable");
        Console.Offers.ShouldContain(offer => offer.Purpose == "voice" && offer.Languages.Contains("vi"));
        Console.Terms("whisper-tiny").Value.Licence.ShouldBe("MIT");
    }

    [Fact]
    public async Task What_is_no_speech_model_or_is_hostile_leaves_nothing_behind()
    {
        (await FailsAsync("notes.zip", Packed.Zip([("notes/readme.txt", "Hello"u8.ToArray())]))).ShouldBe("models.unreadable");
        (await FailsAsync("noise.tar.bz2", "BZh9 this is none"u8.ToArray())).ShouldBe("models.unreadable");
        var voice = TinySpeech.WriteVoice(desk, "good");
        var files = Directory.GetFiles(voice).Select(file => Packed.File($"m/{Path.GetFileName(file)}", File.ReadAllBytes(file)));
        (await FailsAsync("link.tar.gz", Packed.Pack(Packed.Tar([.. files, Packed.Link(System.Formats.Tar.TarEntryType.SymbolicLink, "m/lexicon.txt", "/etc/passwd")]), ".tar.gz"))).ShouldBe("models.unreadable");
        (await FailsAsync("out.zip", Packed.Zip([("../../owned.txt", [1])]))).ShouldBe("models.unreadable");
        File.Exists(Path.Combine(server.Place, "..", "owned.txt")).ShouldBeFalse();
    }

    [Fact]
    public async Task An_archive_that_says_it_was_verified_already_is_not_believed()
    {
        var voice = TinySpeech.WriteVoice(desk, "claims");
        await File.WriteAllTextAsync(Path.Combine(voice, "jean-manifest.json"), """{"source":"x","licence":"MIT","at":"2026-01-01T00:00:00Z","files":[]}""");
        server.Files.Offer("claims.zip", Packed.Folder(voice, ".zip"));
        await server.UntilAsync(await server.StartPullAsync(server.Files.Hub("claims.zip")), "installed");

        (await server.SendAsync(HttpMethod.Post, "/api/models/speech/claims/verify")).Body.GetProperty("whole").GetBoolean().ShouldBeTrue();
        (await ModelAsync("claims")).GetProperty("licence").GetString().ShouldNotBe("MIT");
    }

    [Fact]
    public async Task Two_pulls_of_one_name_do_not_meet_and_a_name_that_is_there_is_taken()
    {
        var (first, gate) = await HoldPullAsync("twin");
        (await server.SendAsync(HttpMethod.Post, "/api/models/pulls", new { source = server.Files.Hub("twin.zip"), acceptLicence = true })).Body.GetProperty("code").GetString().ShouldBe("models.pull_running");
        // Meanwhile somebody puts one there by hand.
        TinySpeech.WriteRecogniser(server.Place, "twin");
        gate.Release(10);
        await server.UntilAsync(first, "failed");

        (await server.PullOfAsync(first)).GetProperty("errorCode").GetString().ShouldBe("models.name_taken");
        (await ModelAsync("twin")).GetProperty("kind").GetString().ShouldBe("sense-voice", "what was there stays");
        (await server.SendAsync(HttpMethod.Post, "/api/models/pulls", new { source = server.Files.Hub("twin.zip"), acceptLicence = true })).Body.GetProperty("code").GetString().ShouldBe("models.name_taken");
    }

    [Fact]
    public async Task How_far_the_unpacking_is_shows_until_it_is_over()
    {
        var (pull, gate) = await HoldPullAsync("far");
        (await server.PullOfAsync(pull)).GetProperty("unpackedBytes").ValueKind.ShouldBe(JsonValueKind.Null);
        await server.Host.Services.GetRequiredService<PullQueue>().UnpackedAsync(pull, 4711, default);
        (await server.PullOfAsync(pull)).GetProperty("unpackedBytes").GetInt64().ShouldBe(4711);
        gate.Release(10);
        await server.UntilAsync(pull, "installed");
        (await server.PullOfAsync(pull)).GetProperty("unpackedBytes").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task An_archive_counts_with_all_that_comes_out_of_it_against_what_models_may_take()
    {
        var services = server.Host.Services;
        var archive = Path.Combine(desk, "big.zip");
        var folder = TinySpeech.WriteVoice(desk, "big");
        await File.WriteAllBytesAsync(Path.Combine(folder, "words.bin"), new byte[1 << 20]);
        var here = await services.GetRequiredService<Arrivals>().TotalBytesAsync(default);
        var told = new List<(long Done, long All)>();

        async Task<string?> AddAsync(long most)
        {
            await File.WriteAllBytesAsync(archive, Packed.Folder(folder, ".zip"));
            var library = new SpeechLibrary(
                services.GetRequiredService<ModelFolder>(), services.GetRequiredService<SpeechEngine>(), Options.Create(new ModelsOptions { MaxTotalBytes = most, KeepFreeBytes = 0 }), TimeProvider.System);
            var added = await library.AddAsync(new Arrival(archive, "big", "test", "MIT", Sha256: "", Purpose: null), ".zip", Guid.CreateVersion7(), others: 0, (done, all) =>
            {
                told.Add((done, all));
                return Task.CompletedTask;
            }, default);
            return added.TryGet(out _, out var error) ? null : error.Code;
        }

        (await AddAsync(here + (1 << 20))).ShouldBe("models.library_full");
        File.Exists(archive).ShouldBeFalse("nothing of it stays");
        Directory.Exists(Path.Combine(server.Place, "big")).ShouldBeFalse();
        (await AddAsync(here + (3 << 20))).ShouldBeNull();
        told[^1].Done.ShouldBe(told[^1].All);
        (await services.GetRequiredService<Arrivals>().TotalBytesAsync(default)).ShouldBeGreaterThan(here + (1 << 20), "also of what is no part of the model by name");
        (await Console.RemoveAsync("big", default)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task A_pull_that_is_called_off_leaves_nothing()
    {
        var (pull, gate) = await HoldPullAsync("off");
        (await server.SendAsync(HttpMethod.Delete, $"/api/models/pulls/{pull}")).Status.ShouldBe(204);
        await OverAsync(pull);
        gate.Release(10);
        await Eventually.BeTrueAsync(() => Directory.GetFileSystemEntries(server.Place, $"*{pull:N}*").Length == 0);
        Directory.Exists(Path.Combine(server.Place, "off")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_pull_that_was_called_off_unheard_is_not_installed()
    {
        var (pull, gate) = await HoldPullAsync("unheard");
        await server.Host.Db.ExecuteAsync("update models.pull set state = 'cancelled' where pull_id = @Id", new { Id = pull }, default);
        gate.Release(10);

        await OverAsync(pull);

        Directory.GetFileSystemEntries(server.Place, $"*{pull:N}*").ShouldBeEmpty();
        Directory.Exists(Path.Combine(server.Place, "unheard")).ShouldBeFalse();
        (await server.PullOfAsync(pull)).GetProperty("state").GetString().ShouldBe("cancelled");
    }

    /// <summary>Begins to pull a voice, whose file waits at the gate.</summary>
    async Task<(Guid Pull, SemaphoreSlim Gate)> HoldPullAsync(string name)
    {
        var gate = new SemaphoreSlim(0);
        server.Files.Offer($"{name}.zip", Packed.Folder(TinySpeech.WriteVoice(desk, name), ".zip")).Gate = gate;
        var pull = await server.StartPullAsync(server.Files.Hub($"{name}.zip"));
        await server.UntilAsync(pull, "running");
        return (pull, gate);
    }

    Task OverAsync(Guid pull)
    {
        const string Sql = "select count(*)::int from kernel.job where kind = 'models.pull' and unique_key = @Key and state in ('queued', 'running')";
        return Eventually.BeTrueAsync(async () => await server.Host.Db.FindAsync<int>(Sql, new { Key = $"{pull}" }, default) == 0, "the job is over");
    }
}
