using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace JeanTrail.Kernel.Paging;

/// <summary>A place in a list ordered by <c>(timestamp, id)</c>: the last row that was delivered. Opaque to clients, but not a secret.</summary>
/// <param name="At">To the microsecond, which is PostgreSQL's resolution.</param>
public sealed record Cursor(DateTimeOffset At, Guid Id)
{
    const int SizeBytes = 8 + 16;
    const int TextLength = SizeBytes * 4 / 3;

    /// <summary>Base64url of the microseconds since 1970 and the id.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (At.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out Cursor? cursor)
    {
        cursor = null;
        Span<byte> bytes = stackalloc byte[SizeBytes];
        if (text is not { Length: TextLength } || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != SizeBytes)
            return false;
        var microseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        // PostgreSQL's years go further than .NET's; a cursor outside .NET's was made up.
        if (microseconds < MinMicroseconds || microseconds > MaxMicroseconds)
            return false;
        var at = new DateTimeOffset(DateTime.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        cursor = new Cursor(at, new Guid(bytes[8..], bigEndian: true));
        return true;
    }

    static readonly long MinMicroseconds = (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    static readonly long MaxMicroseconds = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
