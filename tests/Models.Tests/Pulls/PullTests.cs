using JeanTrail.Models.Pulls;
using JeanTrail.Testing;
using JeanTrail.Testing.Gguf;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Models.Tests.Pulls;

public sealed class PullTests(LocalServer server) : IClassFixture<LocalServer>
{
    static byte[] Model(int seed) => new TinyModel(Seed: seed).ToBytes();

    [Fact]
    public async Task Nothing_is_fetched_before_the_licence_is_accepted()
    {
        server.Files.Offer("a.gguf", Model(20));

        var (status, problem) = await server.SendAsync(HttpMethod.Post, "/api/models/pulls", new { source = server.Files.Hub("a.gguf") });
        var (known, terms) = await server.SendAsync(HttpMethod.Post, "/api/models/pulls", new { source = "qwen3-0.6b" });

        (status, problem.GetProperty("code").GetString()).ShouldBe((409, "models.licence_not_accepted"));
        (known, terms.GetProperty("licence").GetString()).ShouldBe((409, "Apache-2.0"));
        server.Files.Requests.ShouldNotContain(request => request.StartsWith("a.gguf", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_model_is_pulled_listed_verified_and_removed()
    {
        var id = await server.InstallAsync("tiny-whole", Model(21));

        var model = await server.ModelAsync("tiny-whole");
        (model.GetProperty("state").GetString(), model.GetProperty("architecture").GetString(), model.GetProperty("purpose").GetString()).ShouldBe(("ready", "qwen3", "chat"));
        (await server.SendAsync(HttpMethod.Post, $"/api/models/{id}/verify")).Body.GetProperty("whole").GetBoolean().ShouldBeTrue();

        var file = Path.Combine((await server.GetAsync("/api/models/catalogue")).GetProperty("folder").GetString()!, $"tiny-whole-{model.GetProperty("sha256").GetString()![..12]}.gguf");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        (await server.SendAsync(HttpMethod.Post, $"/api/models/{id}/verify")).Body.GetProperty("whole").GetBoolean().ShouldBeFalse();
        (await server.ModelAsync("tiny-whole")).GetProperty("state").GetString().ShouldBe("damaged");

        (await server.SendAsync(HttpMethod.Delete, $"/api/models/{id}")).Status.ShouldBe(204);
        File.Exists(file).ShouldBeFalse();
        (await server.SendAsync(HttpMethod.Delete, $"/api/models/{id}")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Files_that_belong_to_no_pull_are_swept_up_when_they_have_lain_for_long()
    {
        var place = (await server.GetAsync("/api/models/catalogue")).GetProperty("folder").GetString()!;
        server.Files.Offer("swept.gguf", Model(33));
        var pull = await server.StartPullAsync(server.Files.Hub("swept.gguf"));
        await server.UntilAsync(pull, "installed");
        string Part(Guid id) => Path.Combine(place, $".{id:N}.part");
        var (growing, left, over) = (Part(Guid.CreateVersion7()), Part(Guid.CreateVersion7()), Part(pull));
        foreach (var file in new[] { growing, left, over })
            await File.WriteAllTextAsync(file, "half of a model");
        File.SetLastWriteTimeUtc(left, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-7));

        await ActivatorUtilities.CreateInstance<PullUpkeep>(server.Host.Services).RunAsync(CancellationToken.None);

        (File.Exists(growing), File.Exists(left)).ShouldBe((true, false), "a command line fetches without a row");
        File.Exists(over).ShouldBeFalse("nobody goes on with it");
        File.Delete(growing);
    }

    [Fact]
    public async Task Two_versions_of_one_model_live_side_by_side_and_the_same_file_does_not_come_twice()
    {
        await server.InstallAsync("twin", Model(22));
        (await server.SendAsync(HttpMethod.Post, "/api/models/pulls", new { source = server.Files.Hub("twin.gguf"), acceptLicence = true })).Body.GetProperty("code").GetString().ShouldBe("models.name_taken");
        await server.InstallAsync("twin-2", Model(23));

        server.Files.Offer("copy.gguf", Model(22));
        var copy = await server.StartPullAsync(server.Files.Hub("copy.gguf"));
        await server.UntilAsync(copy, "failed");

        (await server.PullOfAsync(copy)).GetProperty("errorCode").GetString().ShouldBe("models.file_taken");
        (await server.GetAsync("/api/models/")).GetProperty("items").EnumerateArray().Count(model => model.GetProperty("name").GetString()!.StartsWith("twin", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task More_pulls_than_may_run_wait_for_their_turn_and_one_can_be_called_off()
    {
        var gate = new SemaphoreSlim(0);
        for (var i = 0; i < 3; i++)
            server.Files.Offer($"held{i}.gguf", Model(30 + i)).Gate = gate;
        var pulls = new List<Guid>();
        for (var i = 0; i < 3; i++)
            pulls.Add(await server.StartPullAsync(server.Files.Hub($"held{i}.gguf")));

        (await server.PullOfAsync(pulls[2])).GetProperty("state").GetString().ShouldBe("waiting");
        await Eventually.BeTrueAsync(() => server.Files.Requests.Contains("held1.gguf"));
        (await server.SendAsync(HttpMethod.Delete, $"/api/models/pulls/{pulls[0]}")).Status.ShouldBe(204);
        await server.UntilAsync(pulls[2], "running");
        gate.Release(10);

        await server.UntilAsync(pulls[1], "installed");
        await server.UntilAsync(pulls[2], "installed");
        (await server.PullOfAsync(pulls[0])).GetProperty("state").GetString().ShouldBe("cancelled");
        (await server.SendAsync(HttpMethod.Delete, $"/api/models/pulls/{pulls[0]}")).Body.GetProperty("code").GetString().ShouldBe("models.pull_over");
    }

    [Fact]
    public async Task One_that_failed_goes_on_where_it_was_or_is_put_aside()
    {
        var offered = server.Files.Offer("later.gguf", Model(50));
        for (var i = 0; i < 20; i++)
            offered.CutsAfter.Enqueue(i == 0 ? 400_000 : 0);
        var pull = await server.StartPullAsync(server.Files.Hub("later.gguf"));
        await server.UntilAsync(pull, "failed");
        (await server.PullOfAsync(pull)).GetProperty("errorCode").GetString().ShouldBe("models.pull_stalled");
        offered.CutsAfter.Clear();

        (await server.SendAsync(HttpMethod.Post, $"/api/models/pulls/{pull}/resume")).Status.ShouldBe(200);
        await server.UntilAsync(pull, "installed");
        server.Files.Requests.Last(request => request.StartsWith("later.gguf", StringComparison.Ordinal)).ShouldContain("bytes=", Case.Sensitive, "not from the beginning");
        (await server.SendAsync(HttpMethod.Post, $"/api/models/pulls/{pull}/resume")).Body.GetProperty("code").GetString().ShouldBe("models.pull_over");

        server.Files.Offer("never.gguf", "no model"u8.ToArray());
        var never = await server.StartPullAsync(server.Files.Hub("never.gguf"));
        await server.UntilAsync(never, "failed");
        (await server.SendAsync(HttpMethod.Delete, $"/api/models/pulls/{never}")).Status.ShouldBe(204);
        (await server.PullOfAsync(never)).GetProperty("state").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_hostile_file_is_refused_and_nothing_of_it_stays()
    {
        server.Files.Offer("evil.gguf", "#!/bin/sh\ntouch /tmp/owned\n"u8.ToArray());
        var pull = await server.StartPullAsync(server.Files.Hub("evil.gguf"));
        await server.UntilAsync(pull, "failed");

        (await server.PullOfAsync(pull)).GetProperty("errorCode").GetString().ShouldBe("models.unreadable");
        Directory.GetFiles((await server.GetAsync("/api/models/catalogue")).GetProperty("folder").GetString()!, $"*{pull:N}*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("hf:../../etc/passwd")]
    [InlineData("ftp://example.org/a.gguf")]
    [InlineData("")]
    public async Task A_source_that_is_none_is_refused(string source)
        => (await server.SendAsync(HttpMethod.Post, "/api/models/pulls", new { source, acceptLicence = true })).Status.ShouldBe(400);
}
