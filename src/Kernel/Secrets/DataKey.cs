using System.Security.Cryptography;

namespace JeanTrail.Kernel.Secrets;

/// <summary>One owner's key in memory. Its bytes are wiped when it leaves the cache; a use that comes later is refused, never done with zeros.</summary>
internal sealed class DataKey : IDisposable
{
    internal const int SizeBytes = 32;
    internal const int IdBytes = 8;

    readonly Lock gate = new();
    readonly byte[] key = GC.AllocateArray<byte>(SizeBytes, pinned: true);
    readonly byte[] id = new byte[IdBytes];
    bool wiped;

    internal DataKey(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(key);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, id, salt: default, info: "jeantrail data key id"u8);
    }

    /// <summary>Tells keys apart in a ciphertext without telling the key.</summary>
    internal ReadOnlySpan<byte> Id => id;

    internal long LastUsed { get; set; }

    /// <summary>False when the key was wiped meanwhile.</summary>
    internal bool TrySeal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated, Span<byte> box)
    {
        lock (gate)
        {
            if (!wiped)
                SealedBox.Seal(key, plaintext, associated, box);
            return !wiped;
        }
    }

    /// <summary>False when the key was wiped meanwhile.</summary>
    /// <exception cref="CryptographicException">The box does not open.</exception>
    internal bool TryOpen(ReadOnlySpan<byte> box, ReadOnlySpan<byte> associated, Span<byte> plaintext)
    {
        lock (gate)
        {
            if (!wiped)
                SealedBox.Open(key, box, associated, plaintext);
            return !wiped;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            wiped = true;
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
