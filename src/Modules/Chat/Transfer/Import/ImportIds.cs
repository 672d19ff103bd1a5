using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>
/// Ids of what is imported, made of whose it is and what it is called where it came from: a second import of the same file finds everything
/// there. They have the layout of UUIDv7 (RFC 9562 §5.7), with the source's own time and a hash where others have chance.
/// </summary>
internal sealed class ImportIds(UserId owner, string source)
{
    /// <param name="tie">Tells apart what was made in the same instant, in order.</param>
    public Guid Make(DateTimeOffset? at, int tie, params ReadOnlySpan<string> names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(owner.Value.ToByteArray(bigEndian: true));
        Append(hash, source);
        foreach (var name in names)
            Append(hash, name);
        Span<byte> bytes = stackalloc byte[32];
        hash.GetHashAndReset(bytes);
        Span<byte> id = stackalloc byte[16];
        bytes[..16].CopyTo(id);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, at?.ToUnixTimeMilliseconds() ?? 0);
        time[2..].CopyTo(id);
        BinaryPrimitives.WriteUInt16BigEndian(id[6..], (ushort)(0x7000 | Math.Min(tie, 0xFFF)));
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    static void Append(IncrementalHash hash, string text)
    {
        Span<byte> length = stackalloc byte[4];
        var bytes = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
