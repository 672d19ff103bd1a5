namespace JeanTrail.Gateway.Guardrails;

/// <summary>International bank account numbers. Source: ISO 13616, the check of ISO 7064 (mod 97-10), and SWIFT's registry for the lengths.</summary>
internal static class Iban
{
    const string Lengths =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28"
        + "HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29"
        + "PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

    static readonly Dictionary<string, int> ByCountry = Enumerable.Range(0, Lengths.Length / 4)
        .ToDictionary(i => Lengths.Substring(i * 4, 2), i => int.Parse(Lengths.AsSpan((i * 4) + 2, 2), System.Globalization.CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase);

    /// <summary>The number at the beginning of a candidate that may go on with other words.</summary>
    internal static Part? Find(string text)
    {
        if (!ByCountry.TryGetValue(text[..2], out var length))
            return null;
        Span<char> number = stackalloc char[length];
        var (count, end) = (0, 0);
        for (; end < text.Length && count < length; end++)
        {
            if (text[end] is ' ' or '-')
                continue;
            var digit = PersonalData.Digit(text[end]);
            number[count++] = digit >= 0 ? (char)('0' + digit) : char.ToUpperInvariant(text[end]);
        }

        var alone = end == text.Length || !char.IsLetterOrDigit(text[end]);
        return count == length && alone && Remainder(number) == 1 ? new Part(0, end) : null;
    }

    static int Remainder(ReadOnlySpan<char> number)
    {
        var remainder = 0;
        for (var i = 0; i < number.Length; i++)
        {
            // The country and the check digits count last.
            var letter = number[(i + 4) % number.Length];
            remainder = letter is >= '0' and <= '9' ? ((remainder * 10) + (letter - '0')) % 97 : ((remainder * 100) + (letter - 'A' + 10)) % 97;
        }

        return remainder;
    }
}
