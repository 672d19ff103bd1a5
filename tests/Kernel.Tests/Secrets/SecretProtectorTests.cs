using System.Security.Cryptography;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Tests.Secrets;

public sealed class SecretProtectorTests : IAsyncLifetime
{
    const string Secret = "sk-upstream-key-мир-😀";

    readonly string folder = Directory.CreateTempSubdirectory("jeantrail-keys-").FullName;
    readonly FakeClock clock = new();
    readonly Guid owner = Guid.CreateVersion7();
    TestDatabase database = null!;

    string KeyFile => Path.Combine(folder, "keys", "master.key");

    SecretPlace Place => new(owner, "gateway.provider.api_key", Guid.Parse("0190f1a0-0000-7000-8000-000000000001"));

    public async Task InitializeAsync() => database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What one start of the server has: its own memory, the same file and database.</summary>
    sealed record Node(MasterKeyRing Ring, DataKeys Keys, ISecretProtector Protector);

    async Task<Node> StartAsync(SecretsOptions? options = null, string? keyFile = null)
    {
        var settings = Options.Create((options ?? new SecretsOptions()) with { MasterKeyFile = keyFile });
        var ring = new MasterKeyRing(database.Db, settings, Options.Create(new DataFolderOptions { Path = folder }), NullLogger<MasterKeyRing>.Instance);
        await ring.StartAsync(CancellationToken.None);
        var keys = new DataKeys(database.Db, ring, settings, clock);
        return new Node(ring, keys, new SecretProtector(keys));
    }

    Task<Row?> ReadRowAsync() => database.Db.FindAsync<Row>("select wrapped, master_key_id from kernel.data_key where owner_id = @owner", new { owner }, CancellationToken.None);

    public sealed record Row(byte[] Wrapped, string MasterKeyId);

    [Fact]
    public async Task A_secret_opens_again_also_after_a_restart()
    {
        var node = await StartAsync();
        var sealedSecret = await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);

        (await node.Protector.UnprotectAsync(Place, sealedSecret, CancellationToken.None)).ShouldBe(Secret);
        (await (await StartAsync()).Protector.UnprotectAsync(Place, sealedSecret, CancellationToken.None)).ShouldBe(Secret);
    }

    [Fact]
    public async Task Bytes_of_any_kind_open_again_and_are_bound_to_their_place_like_text()
    {
        var node = await StartAsync();
        byte[] bytes = [0xFF, 0x00, 0xC3, 0x28];
        var sealedBytes = await node.Protector.ProtectAsync(Place, bytes.AsMemory(), CancellationToken.None);

        (await node.Protector.UnprotectBytesAsync(Place, sealedBytes, CancellationToken.None)).ShouldBe(bytes);
        await Should.ThrowAsync<CryptographicException>(() => node.Protector.UnprotectBytesAsync(Place with { Column = "elsewhere" }, sealedBytes, CancellationToken.None));
        await Should.ThrowAsync<System.Text.DecoderFallbackException>(() => node.Protector.UnprotectAsync(Place, sealedBytes, CancellationToken.None));
        var text = await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);
        System.Text.Encoding.UTF8.GetString(await node.Protector.UnprotectBytesAsync(Place, text, CancellationToken.None)).ShouldBe(Secret);
    }

    [Fact]
    public async Task Nothing_of_the_secret_shows_and_equal_secrets_look_different()
    {
        var node = await StartAsync();

        var one = await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);
        var other = await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);

        one.ShouldNotBe(other);
        System.Text.Encoding.UTF8.GetString(one).ShouldNotContain("upstream");
    }

    [Fact]
    public async Task Any_changed_byte_is_noticed()
    {
        var node = await StartAsync();
        var sealedSecret = await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);

        for (var at = 0; at < sealedSecret.Length; at++)
        {
            var tampered = (byte[])sealedSecret.Clone();
            tampered[at] ^= 1;
            await Should.ThrowAsync<CryptographicException>(() => node.Protector.UnprotectAsync(Place, tampered, CancellationToken.None), $"byte {at}");
        }

        for (var length = 0; length < sealedSecret.Length; length++)
            await Should.ThrowAsync<CryptographicException>(() => node.Protector.UnprotectAsync(Place, sealedSecret[..length], CancellationToken.None), $"length {length}");
    }

    [Fact]
    public async Task A_secret_moved_to_another_place_does_not_open()
    {
        var node = await StartAsync();
        var sealedSecret = await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);
        var other = Guid.CreateVersion7();
        await node.Protector.ProtectAsync(Place with { Owner = other }, "their own", CancellationToken.None);

        foreach (var wrong in (SecretPlace[])[Place with { Row = Guid.CreateVersion7() }, Place with { Column = "gateway.provider.other" }, Place with { Owner = other }, Place with { Owner = Guid.CreateVersion7() }])
            await Should.ThrowAsync<CryptographicException>(() => node.Protector.UnprotectAsync(wrong, sealedSecret, CancellationToken.None));
    }

    [Fact]
    public async Task Wrapped_keys_swapped_between_owners_do_not_open()
    {
        var node = await StartAsync();
        var sealedSecret = await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);
        var other = Guid.CreateVersion7();
        await node.Protector.ProtectAsync(Place with { Owner = other }, "their own", CancellationToken.None);

        await database.Db.ExecuteAsync("update kernel.data_key set wrapped = (select wrapped from kernel.data_key where owner_id = @other) where owner_id = @owner", new { owner, other }, CancellationToken.None);

        await Should.ThrowAsync<CryptographicException>(async () => await (await StartAsync()).Protector.UnprotectAsync(Place, sealedSecret, CancellationToken.None));
    }

    [Fact]
    public async Task Rotating_the_master_key_keeps_every_secret_and_rewraps_when_used()
    {
        var node = await StartAsync();
        var sealedSecret = await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);
        var before = await ReadRowAsync();

        node.Ring.Rotate();
        var restarted = await StartAsync();

        (await restarted.Protector.UnprotectAsync(Place, sealedSecret, CancellationToken.None)).ShouldBe(Secret);
        var after = await ReadRowAsync();
        after!.MasterKeyId.ShouldBe(restarted.Ring.Current.Id);
        after.MasterKeyId.ShouldNotBe(before!.MasterKeyId);
        // With everything rewrapped, the old key may leave the file.
        await File.WriteAllLinesAsync(KeyFile, (await File.ReadAllLinesAsync(KeyFile)).Where(line => !line.StartsWith('#')).Take(1));
        (await (await StartAsync()).Protector.UnprotectAsync(Place, sealedSecret, CancellationToken.None)).ShouldBe(Secret);
    }

    [Fact]
    public async Task A_lost_master_key_file_stops_the_start_with_a_clear_message()
    {
        var node = await StartAsync();
        await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);
        File.Delete(KeyFile);

        var failure = await Should.ThrowAsync<MasterKeyException>(() => StartAsync());

        failure.Message.ShouldContain(KeyFile);
        failure.Message.ShouldContain("Restore the file from a backup");
        File.Exists(KeyFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_with_another_key_is_told_when_a_secret_is_opened()
    {
        var node = await StartAsync();
        var sealedSecret = await node.Protector.ProtectAsync(Place, Secret, CancellationToken.None);
        File.Delete(KeyFile);
        new MasterKeyFile(KeyFile).Create();

        var failure = await Should.ThrowAsync<MasterKeyException>(async () => await (await StartAsync()).Protector.UnprotectAsync(Place, sealedSecret, CancellationToken.None));

        failure.Message.ShouldContain(node.Ring.Current.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("c2hvcnQ=\n")]
    [InlineData("not base64 at all\n")]
    public async Task A_damaged_file_stops_the_start(string contents)
    {
        var file = Path.Combine(folder, "damaged.key");
        await File.WriteAllTextAsync(file, contents);

        (await Should.ThrowAsync<MasterKeyException>(() => StartAsync(keyFile: file))).Message.ShouldContain(file);
    }

    [Fact]
    public async Task The_file_is_for_the_servers_user_alone()
    {
        await StartAsync();

        if (OperatingSystem.IsWindows())
            return; // Its access lists are inherited from the data folder.
        File.GetUnixFileMode(Path.GetDirectoryName(KeyFile)!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var files = Directory.GetFiles(Path.GetDirectoryName(KeyFile)!);
        files.ShouldBe([KeyFile, KeyFile + ".lock"], ignoreOrder: true);
        files.ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task Nodes_that_start_together_end_up_with_one_key()
    {
        var rings = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => StartAsync())));

        rings.Select(node => node.Ring.Current.Id).Distinct().Count().ShouldBe(1);
        var boxes = await Task.WhenAll(rings.Select(node => node.Protector.ProtectAsync(Place, Secret, CancellationToken.None)));
        foreach (var box in boxes)
            (await rings[0].Protector.UnprotectAsync(Place, box, CancellationToken.None)).ShouldBe(Secret);
    }

    [Fact]
    public async Task Keys_leave_memory_when_there_are_too_many_or_nobody_used_them()
    {
        var node = await StartAsync(new SecretsOptions { CachedKeys = 2 });
        var places = Enumerable.Range(0, 5).Select(_ => Place with { Owner = Guid.CreateVersion7() }).ToArray();
        var boxes = new List<byte[]>();
        foreach (var place in places)
            boxes.Add(await node.Protector.ProtectAsync(place, Secret, CancellationToken.None));
        var key = await node.Keys.GetAsync(places[4].Owner, create: false, CancellationToken.None);

        clock.Advance(TimeSpan.FromMinutes(11));
        await node.Keys.GetAsync(places[0].Owner, create: false, CancellationToken.None);

        key!.TryOpen(boxes[4], default, []).ShouldBeFalse("the key was wiped");
        for (var i = 0; i < places.Length; i++)
            (await node.Protector.UnprotectAsync(places[i], boxes[i], CancellationToken.None)).ShouldBe(Secret);
    }

    [Fact]
    public async Task Many_uses_at_once_with_a_tiny_cache_all_succeed()
    {
        var node = await StartAsync(new SecretsOptions { CachedKeys = 1 });
        var places = Enumerable.Range(0, 4).Select(_ => Place with { Owner = Guid.CreateVersion7() }).ToArray();

        await Parallel.ForAsync(0, 100, async (n, cancel) =>
        {
            var place = places[n % places.Length];
            var box = await node.Protector.ProtectAsync(place, $"secret {n}", cancel);
            (await node.Protector.UnprotectAsync(place, box, cancel)).ShouldBe($"secret {n}");
        });
    }
}
