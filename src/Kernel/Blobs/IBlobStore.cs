using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Kernel.Blobs;

/// <summary>
/// Files by the SHA-256 of their content: the same bytes are stored once, and what was stored never changes. Who may read a blob, and
/// when nobody needs it any more, is for the module whose table refers to it.
/// </summary>
public interface IBlobStore
{
    /// <summary>Stores a stream of any length without holding it in memory. A blob is there whole, safe on the disk, or not at all.</summary>
    /// <param name="content">Read to its end; the caller disposes it. Untrusted.</param>
    /// <param name="maxBytes">More than this is <see cref="BlobErrors.TooLarge"/>.</param>
    /// <exception cref="DiskFullException">There is no room; nothing was stored.</exception>
    Task<Result<BlobRef>> PutAsync(Stream content, long maxBytes, CancellationToken cancel);

    /// <summary>Opens a blob or a part of it; null when it is not there.</summary>
    Task<BlobContent?> OpenAsync(BlobHash hash, BlobRange? range, CancellationToken cancel);

    Task<bool> ExistsAsync(BlobHash hash, CancellationToken cancel);

    /// <summary>False when it was not there. Open readers read to their end. The caller has made sure that nothing refers to it.</summary>
    Task<bool> DeleteAsync(BlobHash hash, CancellationToken cancel);
}

/// <summary>A stored blob.</summary>
public sealed record BlobRef(BlobHash Hash, long SizeBytes);

/// <summary>A part of a blob. What lies beyond its end is left out.</summary>
/// <param name="Length">Null for the rest.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BlobRange(long Offset, long? Length = null);

/// <summary>An open blob; dispose it.</summary>
/// <param name="Offset">Where <paramref name="Stream"/> begins in the blob.</param>
/// <param name="LengthBytes">How much <paramref name="Stream"/> gives.</param>
/// <param name="TotalBytes">The size of the whole blob.</param>
public sealed record BlobContent(Stream Stream, long Offset, long LengthBytes, long TotalBytes) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}

/// <summary>The SHA-256 of a blob as 64 lower-case hexadecimal digits; nothing else can be made into one.</summary>
[JsonConverter(typeof(BlobHashJsonConverter))]
public readonly record struct BlobHash
{
    const int Digits = 64;

    static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    readonly string? hex;

    BlobHash(string hex) => this.hex = hex;

    /// <exception cref="FormatException">Not 64 lower-case hexadecimal digits.</exception>
    public static BlobHash Parse(string text) => TryParse(text, out var hash) ? hash : throw new FormatException("A blob hash has 64 lower-case hexadecimal digits.");

    /// <summary>Also binds route and query values.</summary>
    public static bool TryParse(string? text, out BlobHash hash)
    {
        var valid = text is { Length: Digits } && !text.AsSpan().ContainsAnyExcept(Hexadecimal);
        hash = valid ? new BlobHash(text!) : default;
        return valid;
    }

    public override string ToString() => hex ?? throw new InvalidOperationException("An empty blob hash.");
}

internal sealed class BlobHashJsonConverter : JsonConverter<BlobHash>
{
    public override BlobHash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => BlobHash.TryParse(reader.GetString(), out var hash) ? hash : throw new JsonException("Not a blob hash.");

    public override void Write(Utf8JsonWriter writer, BlobHash value, JsonSerializerOptions options)
        => writer.WriteStringValue(value.ToString());
}

/// <summary>Failures of blob stores that callers expect.</summary>
public static class BlobErrors
{
    public static readonly Error TooLarge = new("kernel.blob_too_large", 413, "The file is larger than is allowed here.");
}

/// <summary>There is no room left; becomes <see cref="KernelErrors.DiskFull"/>.</summary>
public sealed class DiskFullException(IOException inner) : IOException(KernelErrors.DiskFull.Detail, inner), IErrorException
{
    public Error Error => KernelErrors.DiskFull;
}
