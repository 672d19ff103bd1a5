using System.Globalization;

namespace JeanTrail.Accounts.Users;

/// <summary>An e-mail address as typed, and the key under which it is looked up.</summary>
internal sealed record EmailAddress(string Typed, string Key)
{
    internal const int MaxLength = 254;

    static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>Null when the text cannot be an address. Only a message sent to it could prove that it is one.</summary>
    internal static EmailAddress? Parse(string? text)
    {
        var typed = text?.Trim() ?? "";
        var at = typed.LastIndexOf('@');
        if (at is < 1 or > 64 || typed.Length > MaxLength || typed.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return null;
        try
        {
            var domain = Idn.GetAscii(typed[(at + 1)..]);
            return new EmailAddress(typed, $"{typed[..at]}@{domain}".ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
