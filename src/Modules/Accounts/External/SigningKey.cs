using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace JeanTrail.Accounts.External;

/// <summary>A public key of an issuer: RSA of at least 2048 bits, or P-256.</summary>
/// <remarks>Source: RFC 7517, RFC 7518 §6 and §3.3.</remarks>
internal sealed record SigningKey(string? Name, RSAParameters? Rsa, ECParameters? Ec)
{
    const int MinModulusBytes = 256;
    const int MaxModulusBytes = 1024;
    const int CoordinateBytes = 32;
    const int MaxKeys = 50;

    internal const string Rs256 = "RS256";
    internal const string Es256 = "ES256";

    internal string Algorithm => Rsa is null ? Es256 : Rs256;

    internal static IReadOnlyList<SigningKey> ReadAll(JsonElement document)
        => document.ValueKind == JsonValueKind.Object && document.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? [.. keys.EnumerateArray().Take(MaxKeys).Select(Read).OfType<SigningKey>()]
            : [];

    /// <summary>SHA-256 over <paramref name="data"/>; for P-256 the signature is r and s side by side.</summary>
    internal bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (Rsa is { } modulus)
        {
            using var rsa = RSA.Create(modulus);
            return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        try
        {
            using var ec = ECDsa.Create(Ec!.Value);
            return ec.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            // The point is not on the curve.
            return false;
        }
    }

    // What is not for signatures, or of a kind that is not used here, is passed over: issuers have more keys than that.
    static SigningKey? Read(JsonElement key)
    {
        if (key.Text("use") is { } use && use != "sig")
            return null;
        var name = key.Text("kid");
        return (key.Text("kty"), key.Text("alg")) switch
        {
            ("RSA", null or Rs256) when Bytes(key, "n") is { Length: >= MinModulusBytes and <= MaxModulusBytes } n && Bytes(key, "e") is { Length: > 0 and <= 8 } e
                => new SigningKey(name, new RSAParameters { Modulus = n, Exponent = e }, null),
            ("EC", null or Es256) when key.Text("crv") == "P-256" && Bytes(key, "x") is { Length: CoordinateBytes } x && Bytes(key, "y") is { Length: CoordinateBytes } y
                => new SigningKey(name, null, new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } }),
            _ => null,
        };
    }

    static byte[]? Bytes(JsonElement key, string name)
        => key.Text(name) is { Length: > 0 } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
