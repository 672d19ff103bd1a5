using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Kernel.Security;

/// <summary>The proof, handed to our own pages, that a request with a session's cookie came from them.</summary>
public interface ICsrfTokens
{
    /// <summary>The token of a session: always the same one, and of no use to another session.</summary>
    string For(Guid sessionId);

    /// <summary>Compares in constant time.</summary>
    bool Matches(Guid sessionId, string? token);
}

/// <summary>Tokens are an HMAC of the session id, so there is nothing to store; every node that shares the master key agrees on them.</summary>
internal sealed class CsrfTokens(MasterKeyRing ring) : ICsrfTokens
{
    public string For(Guid sessionId) => Compute(ring.Current, sessionId);

    public bool Matches(Guid sessionId, string? token)
    {
        if (token is not { Length: > 0 and <= 128 })
            return false;
        // A page that was open while the master key was rotated still holds a token of the old one.
        var given = Encoding.UTF8.GetBytes(token);
        var matches = false;
        foreach (var key in ring.All)
            matches |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Compute(key, sessionId)), given);
        return matches;
    }

    static string Compute(MasterKey master, Guid sessionId)
    {
        Span<byte> session = stackalloc byte[16];
        sessionId.TryWriteBytes(session, bigEndian: true, out _);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(master.CsrfKey, session, mac);
        return Base64Url.EncodeToString(mac);
    }
}
