using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Testing;

/// <summary>What a browser does for private conversations: makes the pair of keys, wraps the private half, opens boxes and seals them.</summary>
public sealed class PrivateReader : IDisposable
{
    public const int Rounds = 600_000;

    const int TagBytes = 16;
    const int NonceBytes = 12;
    const int PointBytes = 65;

    readonly ECDiffieHellman pair;

    PrivateReader(ECDiffieHellman pair) => this.pair = pair;

    public byte[] PublicKey => PointOf(pair);

    /// <summary>PKCS#8, for vectors.</summary>
    public byte[] PrivateKey => pair.ExportPkcs8PrivateKey();

    public static PrivateReader New() => new(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    public static PrivateReader Of(byte[] privateKey)
    {
        var pair = ECDiffieHellman.Create();
        pair.ImportPkcs8PrivateKey(privateKey, out _);
        return new PrivateReader(pair);
    }

    /// <summary>Opens what was wrapped.</summary>
    /// <exception cref="AuthenticationTagMismatchException">The passphrase is another one, or the public key is.</exception>
    public static PrivateReader Unwrap(JsonElement wrapping, string publicKey, string secret)
    {
        var wrapped = wrapping.GetProperty("wrapped").GetBytesFromBase64();
        var key = Rfc2898DeriveBytes.Pbkdf2(
            secret, wrapping.GetProperty("salt").GetBytesFromBase64(), wrapping.GetProperty("rounds").GetInt32(), HashAlgorithmName.SHA256, 32);
        using var cipher = new AesGcm(key, TagBytes);
        var plain = new byte[wrapped.Length - NonceBytes - TagBytes];
        cipher.Decrypt(wrapped.AsSpan(0, NonceBytes), wrapped.AsSpan(NonceBytes, plain.Length), wrapped.AsSpan(NonceBytes + plain.Length), plain, WrapPlace(publicKey));
        return Of(plain);
    }

    /// <summary>As <c>POST /api/chat/private/key</c> takes it.</summary>
    public object Wrap(string passphrase, string code)
        => new { publicKey = Convert.ToBase64String(PublicKey), passphrase = WrapUnder(passphrase), recovery = WrapUnder(code) };

    /// <param name="secret">A passphrase or a recovery code.</param>
    public object WrapUnder(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var plain = PrivateKey;
        var (text, tag) = (new byte[plain.Length], new byte[TagBytes]);
        using var cipher = new AesGcm(Rfc2898DeriveBytes.Pbkdf2(secret, salt, Rounds, HashAlgorithmName.SHA256, 32), TagBytes);
        cipher.Encrypt(nonce, plain, text, tag, WrapPlace(Convert.ToBase64String(PublicKey)));
        return new { rounds = Rounds, salt = Convert.ToBase64String(salt), wrapped = Convert.ToBase64String([.. nonce, .. text, .. tag]) };
    }

    /// <exception cref="AuthenticationTagMismatchException">It was sealed for another place, or to another key.</exception>
    public string Open(string box, string place)
    {
        var bytes = Convert.FromBase64String(box);
        if (bytes[0] != 1)
            throw new InvalidOperationException("Another version of boxes.");
        var point = bytes[1..(1 + PointBytes)];
        using var sender = Import(point);
        using var cipher = new AesGcm(Derive(pair, sender, point, PublicKey, out var nonce), TagBytes);
        var text = bytes.AsSpan(1 + PointBytes);
        var plain = new byte[text.Length - TagBytes];
        cipher.Decrypt(nonce, text[..plain.Length], text[plain.Length..], plain, Encoding.UTF8.GetBytes(place));
        return Encoding.UTF8.GetString(plain);
    }

    public JsonElement OpenJson(string box, string place) => JsonDocument.Parse(Open(box, place)).RootElement;

    public string Seal(string plain, string place)
    {
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var point = PointOf(ephemeral);
        using var recipient = Import(PublicKey);
        using var cipher = new AesGcm(Derive(ephemeral, recipient, point, PublicKey, out var nonce), TagBytes);
        var bytes = Encoding.UTF8.GetBytes(plain);
        var (text, tag) = (new byte[bytes.Length], new byte[TagBytes]);
        cipher.Encrypt(nonce, bytes, text, tag, Encoding.UTF8.GetBytes(place));
        return Convert.ToBase64String([1, .. point, .. text, .. tag]);
    }

    public void Dispose() => pair.Dispose();

    static byte[] WrapPlace(string publicKey) => Encoding.UTF8.GetBytes($"jeantrail private key 1:{publicKey}");

    static byte[] Derive(ECDiffieHellman own, ECDiffieHellman other, byte[] ephemeral, byte[] recipient, out byte[] nonce)
    {
        var derived = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, own.DeriveRawSecretAgreement(other.PublicKey), 44, [.. ephemeral, .. recipient], "jeantrail private box 1"u8.ToArray());
        nonce = derived[32..];
        return derived[..32];
    }

    static ECDiffieHellman Import(byte[] point)
        => ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });

    static byte[] PointOf(ECDiffieHellman key)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        return [4, .. q.X!, .. q.Y!];
    }
}
