using System.Text.Json;
using JeanTrail.Kernel.Blobs;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Kernel.Tests.Blobs;

public sealed class DiskBlobStoreTests : BlobStoreConformance
{
    readonly string root = Path.Combine(Path.GetTempPath(), $"jeantrail-blobs-{Guid.CreateVersion7():N}");

    protected override Task<IBlobStore> CreateAsync() => Task.FromResult<IBlobStore>(new DiskBlobStore(root, TimeProvider.System));

    public override Task DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_disk_that_fills_up_on_the_way_is_said_and_leaves_no_half_blob()
    {
        var store = new DiskBlobStore(root, TimeProvider.System, path => new FillingFile(File.Create(path), room: 200_000));
        var data = Bytes(500_000);

        var failure = await Should.ThrowAsync<DiskFullException>(() => store.PutAsync(new MemoryStream(data), data.Length, default));

        ErrorMapping.From(failure).ShouldBe(KernelErrors.DiskFull);
        (await store.ExistsAsync(HashOf(data), default)).ShouldBeFalse();
        Files().ShouldBeEmpty();
        (await store.PutAsync(new MemoryStream(Bytes(100)), 100, default)).Succeeded.ShouldBeTrue("there is room for small ones");
    }

    [Fact]
    public async Task The_kernel_s_own_word_for_a_full_disk_is_understood()
    {
        if (!File.Exists("/dev/full"))
            return; // Linux only; the test before this one runs everywhere.
        var store = new DiskBlobStore(root, TimeProvider.System, _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0));

        await Should.ThrowAsync<DiskFullException>(() => store.PutAsync(new MemoryStream(Bytes(100)), 100, default));

        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_file_is_replaced_when_its_content_comes_again()
    {
        var store = await CreateAsync();
        var data = Bytes(1000);
        await store.PutAsync(new MemoryStream(data), 1000, default);
        await File.WriteAllBytesAsync(Files().Single(), data[..500]);

        var again = (await store.PutAsync(new MemoryStream(data), 1000, default)).Value;

        (await ReadAsync(again.Hash)).ShouldBe(data);
    }

    [Fact]
    public void What_a_dead_process_left_half_written_is_removed_at_the_next_start()
    {
        var abandoned = Path.Combine(root, ".incoming", "dead");
        var fresh = Path.Combine(root, ".incoming", "fresh");
        File.WriteAllBytes(abandoned, [1]);
        File.WriteAllBytes(fresh, [1]);
        File.SetLastWriteTimeUtc(abandoned, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));

        _ = new DiskBlobStore(root, TimeProvider.System);

        Files().ShouldBe([fresh]);
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85/")]
    public void Nothing_but_a_hash_becomes_a_hash(string? text)
    {
        BlobHash.TryParse(text, out var hash).ShouldBeFalse();
        Should.Throw<InvalidOperationException>(() => hash.ToString());
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<BlobHash>(JsonSerializer.Serialize(text)));
    }

    [Fact]
    public void A_reference_is_written_as_plain_JSON_and_read_back()
    {
        var reference = new BlobRef(HashOf([1, 2, 3]), 3);

        var json = JsonSerializer.Serialize(reference, JsonSerializerOptions.Web);

        json.ShouldBe($$"""{"hash":"{{reference.Hash}}","sizeBytes":3}""");
        JsonSerializer.Deserialize<BlobRef>(json, JsonSerializerOptions.Web).ShouldBe(reference);
    }

    string[] Files() => Directory.GetFiles(root, "*", SearchOption.AllDirectories);

    /// <summary>A file on a disk with only so much room.</summary>
    sealed class FillingFile(Stream inner, int room) : Stream
    {
        int left = room;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var fits = Math.Min(left, buffer.Length);
            await inner.WriteAsync(buffer[..fits], cancellationToken);
            left -= fits;
            if (fits < buffer.Length)
                throw new IOException("No space left on device", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush() => inner.Flush();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
