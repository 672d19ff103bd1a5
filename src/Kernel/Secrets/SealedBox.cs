using System.Security.Cryptography;

namespace JeanTrail.Kernel.Secrets;

/// <summary>
/// AES-256-GCM with a random 96-bit nonce: <c>nonce | tag | ciphertext</c>. Source: NIST SP 800-38D, §8.2.2; one key seals far fewer
/// than the 2³² messages that it allows.
/// </summary>
internal static class SealedBox
{
    const int NonceBytes = 12;
    const int TagBytes = 16;

    internal const int OverheadBytes = NonceBytes + TagBytes;

    internal static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated, Span<byte> box)
    {
        RandomNumberGenerator.Fill(box[..NonceBytes]);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(box[..NonceBytes], plaintext, box[OverheadBytes..], box[NonceBytes..OverheadBytes], associated);
    }

    /// <exception cref="CryptographicException">Another key, other associated data, or changed bytes.</exception>
    internal static void Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associated, Span<byte> plaintext)
    {
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(box[..NonceBytes], box[OverheadBytes..], box[NonceBytes..OverheadBytes], plaintext, associated);
    }
}
