using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace JeanTrail.Accounts.Sessions;

/// <summary>The SHA-256 of a session token. A fast hash is enough for 256 random bits, and a stolen table opens no session.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SessionTokenHash(UInt128 High, UInt128 Low)
{
    internal const int TokenBytes = 32;

    internal static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>Null when the text cannot be a token of ours.</summary>
    internal static SessionTokenHash? Of(string token)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        if (token.Length != Base64Url.GetEncodedLength(TokenBytes) || !Base64Url.IsValid(token))
            return null;
        Base64Url.DecodeFromChars(token, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new SessionTokenHash(
            BinaryPrimitives.ReadUInt128BigEndian(hash),
            BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }

    internal byte[] ToArray()
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }
}
