using System.Text;
using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Gateway.Keys;

/// <summary>The secret of a virtual key: <c>jt-</c> and 256 random bits in base64url. Shown once, kept as the hash of its text.</summary>
internal static class KeySecret
{
    internal const string Prefix = "jt-";
    const int HintLength = 4;

    internal static string New() => Prefix + SecretHash.NewToken();

    internal static string Hint(string secret) => $"…{secret[^HintLength..]}";

    /// <summary>Null when the text cannot be a secret of ours. Allocates nothing.</summary>
    internal static SecretHash? HashOf(string bearer)
        => bearer.Length == Prefix.Length + SecretHash.TokenLength && bearer.StartsWith(Prefix, StringComparison.Ordinal) && Ascii.IsValid(bearer)
            ? SecretHash.OfText(bearer) : null;
}
