using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Accounts.TwoFactor;

/// <summary>Time-based one-time passwords: HMAC-SHA-1, 6 digits, 30 seconds, which is what every authenticator app can do.</summary>
/// <remarks>Source: RFC 6238 §4 and §5.2; RFC 4226 §5.3 for the digits.</remarks>
internal static class Totp
{
    internal const int Digits = 6;
    internal const string Issuer = "JeanTrail";
    internal static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    // RFC 4226 §4, R6: at least 128 bits, 160 recommended.
    const int SecretBytes = 20;
    const string Base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    internal static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    internal static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    internal static string Code(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        // CA5350: the protocol's hash; an HMAC does not rest on what broke SHA-1.
#pragma warning disable CA5350
        HMACSHA1.HashData(secret, counter, mac);
#pragma warning restore CA5350
        var truncated = BinaryPrimitives.ReadUInt32BigEndian(mac[(mac[^1] & 0xF)..]) & 0x7FFF_FFFF;
        var modulus = (uint)Math.Pow(10, digits);
        return (truncated % modulus).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>The step whose code this is: the present one or a neighbour, for clocks that are a little off. Takes the same time for all.</summary>
    internal static long? FindStep(ReadOnlySpan<byte> secret, string code, DateTimeOffset now)
    {
        var typed = Encoding.UTF8.GetBytes(code);
        var present = StepAt(now);
        long? found = null;
        for (var step = present - 1; step <= present + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Code(secret, step)), typed))
                found = step;
        }

        return found;
    }

    /// <summary>Six digits, however they were grouped; null when it is something else.</summary>
    internal static string? Parse(string typed)
    {
        var plain = string.Concat(typed.Where(c => !char.IsWhiteSpace(c)));
        return plain.Length == Digits && plain.All(char.IsAsciiDigit) ? plain : null;
    }

    /// <summary>The secret as people type it into an app: RFC 4648 §6, without padding.</summary>
    internal static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 8 / 5 + 1);
        var (bits, count) = (0, 0);
        foreach (var one in bytes)
        {
            (bits, count) = ((bits << 8) | one, count + 8);
            for (; count >= 5; count -= 5)
                text.Append(Base32Alphabet[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }

        if (count > 0)
            text.Append(Base32Alphabet[(bits << (5 - count)) & 31]);
        return text.ToString();
    }

    /// <summary>What apps read from the QR code. Source: Google Authenticator's Key URI format.</summary>
    internal static string KeyUri(ReadOnlySpan<byte> secret, string account)
        => $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(account)}?secret={Base32(secret)}&issuer={Issuer}&algorithm=SHA1&digits={Digits}&period={Step.TotalSeconds:0}";
}
