namespace JeanTrail.Kernel.Secrets;

/// <summary>
/// Envelope encryption of secrets at rest: master key → data key per owner → AES-256-GCM. The place where the secret is stored is the
/// associated data, so a ciphertext moved to another row does not open.
/// </summary>
public interface ISecretProtector
{
    Task<byte[]> ProtectAsync(SecretPlace place, string secret, CancellationToken cancel);

    /// <inheritdoc cref="ProtectAsync(SecretPlace, string, CancellationToken)"/>
    /// <remarks>The bytes are the caller's to wipe.</remarks>
    Task<byte[]> ProtectAsync(SecretPlace place, ReadOnlyMemory<byte> secret, CancellationToken cancel);

    /// <exception cref="System.Security.Cryptography.CryptographicException">Tampered with, moved, or the key is gone.</exception>
    Task<string> UnprotectAsync(SecretPlace place, byte[] ciphertext, CancellationToken cancel);

    /// <inheritdoc cref="UnprotectAsync"/>
    Task<byte[]> UnprotectBytesAsync(SecretPlace place, byte[] ciphertext, CancellationToken cancel);
}

/// <param name="Owner">Whose data key is used: a user id, or <see cref="Server"/>.</param>
/// <param name="Column">Such as <c>gateway.provider.api_key</c>.</param>
public sealed record SecretPlace(Guid Owner, string Column, Guid Row)
{
    /// <summary>Owner of the server's own secrets.</summary>
    public static readonly Guid Server = Guid.Empty;
}
