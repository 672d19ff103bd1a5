using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace JeanTrail.Accounts.Tests;

/// <summary>An authenticator in software with one passkey, which can also do what a real one would not.</summary>
/// <remarks>Source: W3C Web Authentication Level 3, §6.1 and §6.5.</remarks>
internal sealed class SoftAuthenticator(Uri server) : IDisposable
{
    const byte UserPresent = 0x01;
    const byte UserVerified = 0x04;
    const byte BackupEligible = 0x08;
    const byte BackedUp = 0x10;
    const byte AttestedCredential = 0x40;

    readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    internal string? UserHandle { get; set; }

    internal uint Counter { get; set; }

    internal bool Verifies { get; set; } = true;

    internal bool Present { get; set; } = true;

    /// <summary>What the browser says it is showing: passkeys of this machine belong to localhost.</summary>
    internal string Origin { get; set; } = $"http://localhost:{server.Port}";

    internal string RelyingParty { get; set; } = "localhost";

    internal bool CrossOrigin { get; set; }

    /// <summary>The body that adds the passkey.</summary>
    internal object Create(Answer options, string name = "A phone", string type = "webauthn.create")
    {
        var clientData = ClientData(type, Challenge(options));
        var parameters = key.ExportParameters(includePrivateParameters: false);
        UserHandle = options["options"].GetProperty("user").GetProperty("id").GetString();
        var cose = new CborWriter(CborConformanceMode.Ctap2Canonical);
        cose.WriteStartMap(5);
        foreach (var (label, value) in new (int Label, object Value)[] { (1, 2), (3, -7), (-1, 1), (-2, parameters.Q.X!), (-3, parameters.Q.Y!) })
        {
            cose.WriteInt32(label);
            if (value is byte[] bytes)
                cose.WriteByteString(bytes);
            else
                cose.WriteInt32((int)value);
        }

        cose.WriteEndMap();
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
        byte[] data = [.. AuthenticatorData(AttestedCredential), .. new byte[16], .. length, .. CredentialId, .. cose.Encode()];
        var attestation = new CborWriter(CborConformanceMode.Ctap2Canonical);
        attestation.WriteStartMap(3);
        attestation.WriteTextString("fmt");
        attestation.WriteTextString("none");
        attestation.WriteTextString("attStmt");
        attestation.WriteStartMap(0);
        attestation.WriteEndMap();
        attestation.WriteTextString("authData");
        attestation.WriteByteString(data);
        attestation.WriteEndMap();
        return new
        {
            ceremony = options["ceremony"].GetString(),
            id = Base64Url.EncodeToString(CredentialId),
            clientData = Base64Url.EncodeToString(clientData),
            attestation = Base64Url.EncodeToString(attestation.Encode()),
            transports = new[] { "internal" },
            name,
        };
    }

    /// <summary>The body that uses the passkey.</summary>
    internal object Use(Answer options, string type = "webauthn.get", bool spoil = false)
    {
        var clientData = ClientData(type, Challenge(options));
        var data = AuthenticatorData(0);
        var signature = key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (spoil)
            signature[^1] ^= 1;
        return new
        {
            ceremony = options["ceremony"].GetString(),
            id = Base64Url.EncodeToString(CredentialId),
            clientData = Base64Url.EncodeToString(clientData),
            authenticatorData = Base64Url.EncodeToString(data),
            signature = Base64Url.EncodeToString(signature),
            userHandle = UserHandle,
        };
    }

    public void Dispose() => key.Dispose();

    static string Challenge(Answer options) => options["options"].GetProperty("challenge").GetString()!;

    byte[] ClientData(string type, string challenge) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { type, challenge, origin = Origin, crossOrigin = CrossOrigin }));

    byte[] AuthenticatorData(byte more)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
        var flags = (byte)(more | BackupEligible | BackedUp | (Present ? UserPresent : 0) | (Verifies ? UserVerified : 0));
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty)), flags, .. counter];
    }
}
