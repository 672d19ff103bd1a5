using System.Security.Cryptography;
using JeanTrail.Kernel.Http;
using JeanTrail.Models.Pulls;
using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Models.Tests.Pulls;

public sealed class DownloadTests : IAsyncLifetime
{
    static readonly byte[] Content = RandomNumberGenerator.GetBytes(1_500_000);

    readonly string folder = Directory.CreateTempSubdirectory("jean-pull-").FullName;
    readonly List<long> told = [];
    ModelFileServer server = null!;
    SocketsHttpHandler handler = null!;
    HttpMessageInvoker http = null!;
    Promise? promise;

    public async Task InitializeAsync()
    {
        server = await ModelFileServer.StartAsync();
        handler = new SsrfGuard(new Resolver()).CreateHandler(OutboundPolicy.OwnerConfigured);
        handler.AllowAutoRedirect = false;
        http = new HttpMessageInvoker(handler);
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        handler.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    string Part => Path.Combine(folder, "model.part");

    static ModelsOptions Options => new() { StallTimeout = TimeSpan.FromSeconds(20), RetryPause = TimeSpan.Zero, PullRetries = 3, KeepFreeBytes = 0 };

    Task<string> RunAsync(string url, ModelsOptions? options = null, CancellationToken cancel = default)
        => new Download(http, options ?? Options, TimeProvider.System, Part, promise, (received, now) =>
        {
            told.Add(received);
            promise = now;
            return Task.CompletedTask;
        }).RunAsync(new Uri(url), cancel);

    static async Task<string> CodeAsync(Task<string> download) => (await Should.ThrowAsync<DownloadException>(download)).Error.Code;

    [Fact]
    public async Task A_file_arrives_whole_over_the_hubs_redirect_with_its_checksum_proved()
    {
        var offered = server.Offer("a.gguf", Content);

        (await RunAsync(server.Hub("a.gguf"))).ShouldBe(offered.Sha256);

        (await File.ReadAllBytesAsync(Part)).ShouldBe(Content);
        told.ShouldBeInOrder();
        told[^1].ShouldBe(Content.Length);
        promise!.Sha256.ShouldBe(offered.Sha256);
    }

    [Fact]
    public async Task A_broken_connection_is_taken_up_where_it_was()
    {
        var offered = server.Offer("a.gguf", Content);
        offered.CutsAfter.Enqueue(400_000);
        offered.CutsAfter.Enqueue(500_000);

        (await RunAsync(server.Hub("a.gguf"))).ShouldBe(offered.Sha256);

        (await File.ReadAllBytesAsync(Part)).ShouldBe(Content);
        server.Requests.Count.ShouldBe(3);
        server.Requests.Skip(1).ShouldAllBe(request => request.StartsWith("a.gguf bytes=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_and_asked_again()
    {
        var offered = server.Offer("a.gguf", Content);
        offered.CutsAfter.Enqueue(300_000);
        offered.Stalls = true;

        (await RunAsync(server.Hub("a.gguf"), Options with { StallTimeout = TimeSpan.FromSeconds(2) })).ShouldBe(offered.Sha256);

        // A third when the machine itself fell silent for so long.
        server.Requests.Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task One_that_never_gets_any_further_is_given_up_and_what_came_is_kept()
    {
        var offered = server.Offer("a.gguf", Content);
        offered.CutsAfter.Enqueue(300_000);
        for (var i = 0; i < 10; i++)
            offered.CutsAfter.Enqueue(0);

        (await CodeAsync(RunAsync(server.Hub("a.gguf")))).ShouldBe("models.pull_stalled");
        var kept = new FileInfo(Part).Length;
        kept.ShouldBeInRange(1, 300_000);
        offered.CutsAfter.Clear();

        (await RunAsync(server.Hub("a.gguf"))).ShouldBe(offered.Sha256, "the next attempt goes on with it");
        server.Requests.Last().ShouldBe($"a.gguf bytes={kept}-");
    }

    [Fact]
    public async Task What_is_not_what_was_promised_is_thrown_away()
    {
        var offered = server.Offer("a.gguf", Content);
        offered.Sha256 = new string('0', 64);

        (await CodeAsync(RunAsync(server.Hub("a.gguf")))).ShouldBe("models.checksum_wrong");
        File.Exists(Part).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_is_fetched_from_the_beginning()
    {
        var offered = server.Offer("a.gguf", Content);
        offered.CutsAfter.Enqueue(300_000);
        for (var i = 0; i < 10; i++)
            offered.CutsAfter.Enqueue(0);
        await CodeAsync(RunAsync(server.Hub("a.gguf")));
        offered.CutsAfter.Clear();
        var other = RandomNumberGenerator.GetBytes(1_200_000);
        (offered.Content, offered.Sha256, offered.Tag) = (other, Convert.ToHexStringLower(SHA256.HashData(other)), "two");

        (await RunAsync(server.Hub("a.gguf"))).ShouldBe(offered.Sha256);

        (await File.ReadAllBytesAsync(Part)).ShouldBe(other);
    }

    [Fact]
    public async Task A_server_without_ranges_is_asked_for_the_whole_again()
    {
        var offered = server.Offer("a.gguf", Content);
        offered.GivesRanges = false;
        offered.CutsAfter.Enqueue(300_000);

        (await RunAsync(server.Hub("a.gguf"))).ShouldBe(offered.Sha256);
        (await File.ReadAllBytesAsync(Part)).ShouldBe(Content);
    }

    [Fact]
    public async Task Without_room_on_the_disk_nothing_is_fetched()
    {
        server.Offer("a.gguf", Content);

        (await CodeAsync(RunAsync(server.Hub("a.gguf"), Options with { KeepFreeBytes = long.MaxValue / 2 }))).ShouldBe("models.disk_full");
        File.Exists(Part).ShouldBeFalse();
    }

    [Fact]
    public async Task A_redirect_to_where_nothing_may_be_fetched_from_is_refused()
    {
        server.Offer("a.gguf", Content).SendsTo = "http://169.254.169.254/latest/meta-data";
        server.Offer("b.gguf", Content).SendsTo = "file:///etc/passwd";

        (await CodeAsync(RunAsync(server.Hub("a.gguf")))).ShouldBe("kernel.address_refused");
        (await CodeAsync(RunAsync(server.Hub("b.gguf")))).ShouldBe("models.redirect_refused");
    }

    [Fact]
    public async Task Redirects_without_end_are_left()
    {
        server.Offer("a.gguf", Content).SendsTo = "/hub/a.gguf";

        (await CodeAsync(RunAsync(server.Hub("a.gguf")))).ShouldBe("models.redirect_refused");
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        (await CodeAsync(RunAsync(server.Direct("nothing.gguf")))).ShouldBe("models.pull_refused");
        (await CodeAsync(RunAsync("http://127.0.0.1:9/a.gguf", Options with { PullRetries = 1 }))).ShouldBe("models.pull_unreachable");
    }

    [Fact]
    public async Task A_rate_is_kept_to()
    {
        server.Offer("a.gguf", Content);
        var clock = new FakeClock();
        var waited = 0;
        var download = new Download(http, Options with { PullBytesPerSecond = 500_000 }, clock, Part, null, (_, _) =>
        {
            waited++;
            return Task.CompletedTask;
        });

        var run = download.RunAsync(new Uri(server.Hub("a.gguf")), default);
        await Eventually.BeTrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return run.IsCompleted;
        });

        await run;
        clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(new FakeClock().GetUtcNow() + TimeSpan.FromSeconds(2.5), "1.5 MB at 0.5 MB a second");
    }

    [Fact]
    public async Task Calling_it_off_stops_it_at_once()
    {
        server.Offer("a.gguf", Content).Gate = new SemaphoreSlim(0);
        using var source = new CancellationTokenSource();
        var run = RunAsync(server.Hub("a.gguf"), cancel: source.Token);
        await Eventually.BeTrueAsync(() => !server.Requests.IsEmpty);

        await source.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(run);
    }

    sealed class Resolver : IHostResolver
    {
        public Task<System.Net.IPAddress[]> ResolveAsync(string host, CancellationToken cancel) => System.Net.Dns.GetHostAddressesAsync(host, cancel);
    }
}
