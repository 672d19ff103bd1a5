using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Accounts;

/// <summary>Codes that people read, keep and type: groups of characters with 5 random bits each.</summary>
internal static class ReadableCode
{
    // Without I, L, O and U, which are mistaken for others (the alphabet of Crockford's Base32).
    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    internal static string New(int groups, int groupLength)
        => string.Join('-', Enumerable.Range(0, groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, groupLength)));

    /// <summary>Hash of a code as typed: case, spaces and dashes do not matter, and look-alikes are forgiven.</summary>
    internal static byte[] Hash(string typed)
    {
        var plain = new StringBuilder(typed.Length);
        foreach (var c in typed.ToUpperInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                plain.Append(c switch { 'I' or 'L' => '1', 'O' => '0', _ => c });
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(plain.ToString()));
    }
}
