using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Accounts.Setup;

/// <summary>The one-time code of the first start: 8 characters of 32, 40 random bits, written in two groups.</summary>
internal static class SetupCode
{
    // Without I, L, O and U, which are mistaken for others (the alphabet of Crockford's Base32).
    const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const int Length = 8;

    internal static string New()
    {
        var code = RandomNumberGenerator.GetString(Alphabet, Length);
        return $"{code[..(Length / 2)]}-{code[(Length / 2)..]}";
    }

    /// <summary>Hash of a code as typed: case, spaces and dashes do not matter, and look-alikes are forgiven.</summary>
    internal static byte[] Hash(string typed)
    {
        var plain = new StringBuilder(Length);
        foreach (var c in typed.ToUpperInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                plain.Append(c switch { 'I' or 'L' => '1', 'O' => '0', _ => c });
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(plain.ToString()));
    }
}
