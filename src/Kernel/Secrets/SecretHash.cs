using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Kernel.Secrets;

/// <summary>
/// The SHA-256 of a secret that this server made: a session's token, a key, a link from a letter. A fast hash is enough for 256 random bits, and a
/// stolen table opens nothing.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SecretHash(UInt128 High, UInt128 Low)
{
    const int TokenBytes = 32;

    /// <summary>Characters of a token: 256 random bits in base64url.</summary>
    public const int TokenLength = 43;

    const int LongestText = 128;

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>Over the bits of a token. Null when the text cannot be one of ours.</summary>
    public static SecretHash? OfToken(ReadOnlySpan<char> token)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        if (token.Length != TokenLength || !Base64Url.IsValid(token))
            return null;
        Base64Url.DecodeFromChars(token, bytes);
        return Of(bytes);
    }

    /// <summary>Over the text as it stands. Null when it is longer than any secret of ours.</summary>
    public static SecretHash? OfText(ReadOnlySpan<char> secret)
    {
        Span<byte> text = stackalloc byte[LongestText];
        return Encoding.UTF8.TryGetBytes(secret, text, out var written) ? Of(text[..written]) : null;
    }

    /// <param name="stored">32 bytes, as <see cref="ToArray"/> gave them.</param>
    public static SecretHash From(ReadOnlySpan<byte> stored)
        => new(BinaryPrimitives.ReadUInt128BigEndian(stored), BinaryPrimitives.ReadUInt128BigEndian(stored[16..]));

    public byte[] ToArray()
    {
        var bytes = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }

    /// <summary>Takes as long for a near miss as for a far one.</summary>
    public bool EqualsInFixedTime(SecretHash other) => ((High ^ other.High) | (Low ^ other.Low)) == UInt128.Zero;

    static SecretHash Of(ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(secret, hash);
        return From(hash);
    }
}
