using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Kernel.Secrets;

/// <summary>
/// Seals secrets as <c>version | data key id | nonce | tag | ciphertext</c>. The associated data is the header and the place where the
/// secret is kept.
/// </summary>
internal sealed class SecretProtector(DataKeys keys) : ISecretProtector
{
    const byte Version = 1;
    const int HeaderBytes = 1 + DataKey.IdBytes;

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public async Task<byte[]> ProtectAsync(SecretPlace place, string secret, CancellationToken cancel)
    {
        var plaintext = Utf8.GetBytes(secret);
        try
        {
            return await ProtectAsync(place, plaintext.AsMemory(), cancel);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    public async Task<byte[]> ProtectAsync(SecretPlace place, ReadOnlyMemory<byte> secret, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(place);
        while (true)
        {
            var key = await keys.GetAsync(place.Owner, create: true, cancel) ?? throw new CryptographicException("The data key was deleted while it was made.");
            var sealedSecret = new byte[HeaderBytes + SealedBox.OverheadBytes + secret.Length];
            sealedSecret[0] = Version;
            key.Id.CopyTo(sealedSecret.AsSpan(1));
            // The cache may have wiped the key since; then it is fetched again.
            if (key.TrySeal(secret.Span, Associated(place, sealedSecret), sealedSecret.AsSpan(HeaderBytes)))
                return sealedSecret;
        }
    }

    public async Task<string> UnprotectAsync(SecretPlace place, byte[] ciphertext, CancellationToken cancel)
    {
        var plaintext = await UnprotectBytesAsync(place, ciphertext, cancel);
        try
        {
            return Utf8.GetString(plaintext);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    public async Task<byte[]> UnprotectBytesAsync(SecretPlace place, byte[] ciphertext, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(ciphertext);
        if (ciphertext.Length < HeaderBytes + SealedBox.OverheadBytes || ciphertext[0] != Version)
            throw new CryptographicException("The secret is not in a form that this version reads.");
        var plaintext = new byte[ciphertext.Length - HeaderBytes - SealedBox.OverheadBytes];
        var refetched = false;
        while (true)
        {
            var key = await keys.GetAsync(place.Owner, create: false, cancel) ?? throw new CryptographicException("The key of this secret's owner is gone.");
            if (!ciphertext.AsSpan(1, DataKey.IdBytes).SequenceEqual(key.Id))
            {
                // Another node may have replaced the key that this one remembers.
                if (refetched)
                    throw new CryptographicException("The secret was sealed with another key.");
                refetched = true;
                keys.Forget(place.Owner);
                continue;
            }

            if (key.TryOpen(ciphertext.AsSpan(HeaderBytes), Associated(place, ciphertext), plaintext))
                return plaintext;
        }
    }

    static byte[] Associated(SecretPlace place, ReadOnlySpan<byte> header)
        => [.. header[..HeaderBytes], .. place.Owner.ToByteArray(bigEndian: true), .. Utf8.GetBytes(place.Column), 0, .. place.Row.ToByteArray(bigEndian: true)];
}
