using System.Security.Cryptography;
using JeanTrail.Kernel.Blobs;

namespace JeanTrail.Kernel.Tests.Blobs;

/// <summary>What every blob store must do. An implementation derives from it and says how to make an empty store.</summary>
public abstract class BlobStoreConformance : IAsyncLifetime
{
    IBlobStore store = null!;

    protected abstract Task<IBlobStore> CreateAsync();

    public async Task InitializeAsync() => store = await CreateAsync();

    public abstract Task DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(131_072)]
    [InlineData(1_000_003)]
    public async Task What_was_put_comes_back_under_its_hash(int size)
    {
        var data = Bytes(size);

        var blob = (await store.PutAsync(new TricklingStream(data), size, default)).Value;

        blob.SizeBytes.ShouldBe(size);
        blob.Hash.ToString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(data)));
        (await ReadAsync(blob.Hash)).AsSpan().SequenceEqual(data).ShouldBeTrue();
        (await store.ExistsAsync(blob.Hash, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_same_content_put_twice_is_one_blob()
    {
        var first = (await store.PutAsync(new MemoryStream(Bytes(1000)), 5000, default)).Value;
        var second = (await store.PutAsync(new MemoryStream(Bytes(1000)), 5000, default)).Value;

        second.ShouldBe(first);
        (await store.DeleteAsync(first.Hash, default)).ShouldBeTrue();
        (await store.ExistsAsync(first.Hash, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_content_put_by_many_at_once_is_whole()
    {
        var data = Bytes(200_000);

        var blobs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.PutAsync(new TricklingStream(data), data.Length, default)));

        blobs.Select(blob => blob.Value).Distinct().Count().ShouldBe(1);
        (await ReadAsync(blobs[0].Value.Hash)).AsSpan().SequenceEqual(data).ShouldBeTrue();
    }

    [Fact]
    public async Task More_than_is_allowed_is_refused_and_nothing_is_stored()
    {
        var data = Bytes(1001);

        var result = await store.PutAsync(new MemoryStream(data), 1000, default);

        result.Error.ShouldBe(BlobErrors.TooLarge);
        (await store.ExistsAsync(HashOf(data), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_source_that_breaks_leaves_nothing()
    {
        var data = Bytes(300_000);

        await Should.ThrowAsync<TimeoutException>(() => store.PutAsync(new TricklingStream(data, breaksAt: 200_000), data.Length, default));

        (await store.ExistsAsync(HashOf(data), default)).ShouldBeFalse();
        (await store.ExistsAsync(HashOf(data[..200_000]), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_put_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var data = Bytes(300_000);
        var source = new TricklingStream(data) { At = (100_000, cancel.Cancel) };

        await Should.ThrowAsync<OperationCanceledException>(() => store.PutAsync(source, data.Length, cancel.Token));

        (await store.ExistsAsync(HashOf(data), default)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 10, 0, 10)]
    [InlineData(10, 20, 10, 20)]
    [InlineData(990, null, 990, 10)]
    [InlineData(990, 100, 990, 10)]
    [InlineData(1000, 5, 1000, 0)]
    [InlineData(5000, null, 1000, 0)]
    public async Task A_part_is_read_as_asked_within_what_there_is(int offset, int? length, int from, int count)
    {
        var data = Bytes(1000);
        var blob = (await store.PutAsync(new MemoryStream(data), 1000, default)).Value;

        await using var content = (await store.OpenAsync(blob.Hash, new BlobRange(offset, length), default)).ShouldNotBeNull();

        (content.Offset, content.LengthBytes, content.TotalBytes).ShouldBe((from, count, 1000));
        (await AllAsync(content.Stream)).AsSpan().SequenceEqual(data.AsSpan(from, count)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_deleting_it_says_so()
    {
        var hash = HashOf(Bytes(77));

        (await store.OpenAsync(hash, null, default)).ShouldBeNull();
        (await store.ExistsAsync(hash, default)).ShouldBeFalse();
        (await store.DeleteAsync(hash, default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_reader_that_has_begun_reads_on_after_the_deletion()
    {
        var data = Bytes(500_000);
        var blob = (await store.PutAsync(new MemoryStream(data), data.Length, default)).Value;
        await using var content = (await store.OpenAsync(blob.Hash, null, default)).ShouldNotBeNull();
        var start = new byte[10];
        await content.Stream.ReadExactlyAsync(start);

        (await store.DeleteAsync(blob.Hash, default)).ShouldBeTrue();

        (await AllAsync(content.Stream)).AsSpan().SequenceEqual(data.AsSpan(10)).ShouldBeTrue();
    }

    protected static byte[] Bytes(int size)
    {
        var data = new byte[size];
        new Random(size).NextBytes(data);
        return data;
    }

    protected static BlobHash HashOf(byte[] data) => BlobHash.Parse(Convert.ToHexStringLower(SHA256.HashData(data)));

    protected async Task<byte[]> ReadAsync(BlobHash hash)
    {
        await using var content = (await store.OpenAsync(hash, null, default)).ShouldNotBeNull();
        return await AllAsync(content.Stream);
    }

    static async Task<byte[]> AllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}

/// <summary>A source as the network gives it: not seekable, in odd portions, and it may break.</summary>
internal sealed class TricklingStream(byte[] data, int breaksAt = int.MaxValue) : Stream
{
    int position;

    /// <summary>Does something when this much has been read.</summary>
    internal (int Position, Action Act)? At { get; init; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        if (position >= breaksAt)
            throw new TimeoutException("The source broke.");
        if (At is { } at && position >= at.Position)
            at.Act();
        var count = Math.Min(Math.Min(7_919, buffer.Length), data.Length - position);
        data.AsMemory(position, count).CopyTo(buffer);
        position += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
