using System.Text;
using JeanTrail.Accounts.Users;
using JeanTrail.Kernel.Errors;

namespace JeanTrail.Accounts.Passwords;

/// <summary>What a password must not be. Length counts most; what guessing programs try first is refused.</summary>
/// <remarks>Source: NIST SP 800-63B §5.1.1.2: no composition rules, a list of common ones, nothing taken from the account itself.</remarks>
internal static class PasswordRules
{
    internal const int MinLength = 10;
    internal const int MaxLength = 200;

    static readonly HashSet<string> Common = Read();

    /// <summary>Null when the password may be used.</summary>
    internal static Error? Check(string password, EmailAddress email, string displayName)
    {
        if (password.EnumerateRunes().Count() < MinLength)
            return AccountsErrors.PasswordWeak($"Use at least {MinLength} characters; a few words in a row are good.");
        if (password.Length > MaxLength)
            return AccountsErrors.PasswordWeak($"Use at most {MaxLength} characters.");
        if (IsCommon(password))
            return AccountsErrors.PasswordWeak("This password is among those that are guessed first. Choose another.");
        return ContainsOwn(password, email, displayName)
            ? AccountsErrors.PasswordWeak("The password must not be your name or your e-mail address.")
            : null;
    }

    static bool IsCommon(string password)
    {
        var plain = Fold(password);
        if (Common.Contains(plain) || plain.EnumerateRunes().Distinct().Count() < 4 || IsRun(plain))
            return true;

        // "Password2024!" is "password" to a guesser: what stands before and after the word adds nothing.
        var word = plain.Trim().TrimEnd("0123456789!@#$%^&*()_-+=.,?~ ".ToCharArray()).TrimStart("0123456789!@#$%^&*()_-+=.,?~ ".ToCharArray());
        return Common.Contains(word) || Common.Contains(Unleet(word)) || IsRepeated(plain);
    }

    /// <summary>All characters follow each other: <c>abcdefghij</c>, <c>9876543210</c>.</summary>
    static bool IsRun(string text)
    {
        var step = text.Length > 1 ? text[1] - text[0] : 0;
        if (step is not (1 or -1))
            return false;
        for (var i = 2; i < text.Length; i++)
        {
            // 0 after 9 continues a row of digits.
            var next = text[i] - text[i - 1];
            if (next != step && !(step == 1 && text[i - 1] == '9' && text[i] == '0'))
                return false;
        }

        return true;
    }

    /// <summary>A short piece over and over: <c>abcabcabcabc</c>, <c>passwordpassword</c>.</summary>
    static bool IsRepeated(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            // Repeating means that the text equals itself, moved by the length of the piece.
            if ((length <= 4 || Common.Contains(text[..length])) && text.AsSpan(length).SequenceEqual(text.AsSpan(0, text.Length - length)))
                return true;
        }

        return false;
    }

    static bool ContainsOwn(string password, EmailAddress email, string displayName)
    {
        var plain = Letters(password);
        var local = email.Typed[..email.Typed.LastIndexOf('@')];
        return new[] { email.Typed, email.Key, local, displayName }
            .Select(Letters)
            .Any(own => own.Length >= 4 && (plain == own || (plain.Contains(own, StringComparison.Ordinal) && plain.Length - own.Length < 6)));
    }

    static string Fold(string text) => text.ToLowerInvariant();

    static string Letters(string text)
    {
        var letters = new StringBuilder(text.Length);
        foreach (var c in Fold(text).Where(char.IsLetterOrDigit))
            letters.Append(c);
        return letters.ToString();
    }

    static string Unleet(string text)
        => text.Replace('0', 'o').Replace('1', 'i').Replace('3', 'e').Replace('4', 'a').Replace('5', 's').Replace('7', 't').Replace('@', 'a').Replace('$', 's').Replace('!', 'i');

    static HashSet<string> Read()
    {
        using var reader = new StreamReader(typeof(PasswordRules).Assembly.GetManifestResourceStream("JeanTrail.Accounts.Passwords.common-passwords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
    }
}
