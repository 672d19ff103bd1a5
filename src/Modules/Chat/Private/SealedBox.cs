using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Chat.Private;

/// <summary>
/// Seals what is said to a person's public key, so that only whoever has the private half reads it, and not the server that wrote it.
/// A box is: version 1, an ephemeral public key (65 bytes), AES-256-GCM of the text, its tag (16 bytes). The agreement of both keys goes through
/// HKDF-SHA-256, salted with both public keys, to the key and the nonce of this one box.
/// </summary>
/// <remarks>
/// Who made a box is not proved: whoever knows the public key can. Its place is: a box opens only where it was sealed for.
/// Source: RFC 5869; NIST SP 800-56A (one-pass Diffie-Hellman); NIST SP 800-38D.
/// </remarks>
internal static class SealedBox
{
    public const int PublicKeyBytes = 65;

    const byte Version = 1;
    const int TagBytes = 16;
    const int KeyBytes = 32;
    const int NonceBytes = 12;

    static readonly byte[] Info = "jeantrail private box 1"u8.ToArray();

    /// <param name="publicKey">A point of P-256, uncompressed.</param>
    /// <param name="place">What it is and the id of its row; the same is needed to open it.</param>
    public static byte[] Seal(byte[] publicKey, string place, ReadOnlySpan<byte> plain)
    {
        using var recipient = Import(publicKey);
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var box = new byte[1 + PublicKeyBytes + plain.Length + TagBytes];
        box[0] = Version;
        var own = box.AsSpan(1, PublicKeyBytes);
        Export(ephemeral, own);

        var agreed = ephemeral.DeriveRawSecretAgreement(recipient.PublicKey);
        Span<byte> derived = stackalloc byte[KeyBytes + NonceBytes];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, agreed, derived, [.. own, .. publicKey], Info);
            using var cipher = new AesGcm(derived[..KeyBytes], TagBytes);
            var sealedText = box.AsSpan(1 + PublicKeyBytes);
            cipher.Encrypt(derived[KeyBytes..], plain, sealedText[..plain.Length], sealedText[plain.Length..], Encoding.UTF8.GetBytes(place));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreed);
            CryptographicOperations.ZeroMemory(derived);
        }

        return box;
    }

    public static byte[] Seal(byte[] publicKey, string place, string plain) => Seal(publicKey, place, Encoding.UTF8.GetBytes(plain));

    /// <summary>Whether these bytes are a point that can be sealed to.</summary>
    public static bool IsPublicKey(byte[] bytes)
    {
        if (bytes.Length != PublicKeyBytes || bytes[0] != 4)
            return false;
        try
        {
            Import(bytes).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    static ECDiffieHellman Import(byte[] point) => ECDiffieHellman.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = point[1..33], Y = point[33..65] },
    });

    static void Export(ECDiffieHellman key, Span<byte> point)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        point[0] = 4;
        q.X.CopyTo(point[1..]);
        q.Y.CopyTo(point[33..]);
    }
}

/// <summary>Where boxes belong; part of what they are sealed with.</summary>
internal static class BoxPlace
{
    public static string Title(Guid conversation) => $"title:{conversation:D}";

    public static string Message(Guid message) => $"message:{message:D}";

    public static string Piece(Guid turn, int number) => FormattableString.Invariant($"piece:{turn:D}:{number}");
}
