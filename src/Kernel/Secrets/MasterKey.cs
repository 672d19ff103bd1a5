using System.Security.Cryptography;

namespace JeanTrail.Kernel.Secrets;

/// <summary>A 256-bit master key and its id, which can be told without telling the key.</summary>
internal sealed class MasterKey
{
    internal const int SizeBytes = 32;

    readonly byte[] key;

    internal MasterKey(ReadOnlySpan<byte> bytes)
    {
        // Pinned, so that the collector leaves no copies behind when it moves things.
        key = GC.AllocateArray<byte>(SizeBytes, pinned: true);
        bytes.CopyTo(key);
        Span<byte> id = stackalloc byte[8];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, id, salt: default, info: "jeantrail master key id"u8);
        Id = Convert.ToHexStringLower(id);
        CsrfKey = Derive("jeantrail csrf"u8);
    }

    internal string Id { get; }

    internal ReadOnlySpan<byte> Bytes => key;

    /// <summary>The key of the tokens that prove a request's origin.</summary>
    internal byte[] CsrfKey { get; }

    internal static MasterKey Generate()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        RandomNumberGenerator.Fill(bytes);
        var made = new MasterKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return made;
    }

    /// <summary>A key for one purpose, from which neither the master key nor those of other purposes can be found. Source: RFC 5869.</summary>
    byte[] Derive(ReadOnlySpan<byte> purpose)
    {
        var derived = GC.AllocateArray<byte>(SizeBytes, pinned: true);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: default, info: purpose);
        return derived;
    }
}
