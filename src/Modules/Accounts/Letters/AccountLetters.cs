using System.Globalization;
using System.Text.Json;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Mail;

namespace JeanTrail.Accounts.Letters;

/// <summary>
/// Writes letters in the person's language. What strangers may choose, such as a name, is in none of them: nobody can have this server
/// send their words to others.
/// </summary>
internal sealed class AccountLetters(IMail mail, PublicAddress address)
{
    static readonly string[] Locales = ["en", "ar", "vi", "ru"];
    static readonly Dictionary<string, Dictionary<AccountLetter, Text>> Texts = Locales.ToDictionary(locale => locale, Read, StringComparer.Ordinal);

    const string AddresseeSql = """
        select u.email, p.locale from accounts.user u left join accounts.preference p on p.user_id = u.user_id where u.user_id = @User
        """;

    /// <summary>To the address that the person has now.</summary>
    internal async Task SendAsync(Tx tx, AccountLetter letter, UserId to, LetterValues values, CancellationToken cancel)
    {
        var addressee = await tx.FindAsync<Addressee>(AddresseeSql, new { User = to }, cancel);
        await SendAsync(tx, letter, addressee?.Email, addressee?.Locale, values, cancel);
    }

    /// <param name="recipient">Null for nobody: the same work, and no letter.</param>
    /// <param name="locale">Null or an unknown one is English.</param>
    internal Task SendAsync(IDbSession transaction, AccountLetter letter, string? recipient, string? locale, LetterValues values, CancellationToken cancel)
    {
        var text = Texts[locale is not null && Texts.ContainsKey(locale) ? locale : "en"][letter];
        var body = string.Join("\n", text.Body).Replace("{link}", values.Link, StringComparison.Ordinal).Replace("{email}", values.Email, StringComparison.Ordinal)
            .Replace("{key}", values.Key, StringComparison.Ordinal).Replace("{until}", values.Until?.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        var kind = $"accounts.{JsonNamingPolicy.KebabCaseLower.ConvertName(letter.ToString())}";
        return mail.SendAsync(transaction, new Letter(kind, recipient, text.Subject, body), cancel);
    }

    /// <summary>A page with a token in its fragment. A missing token makes a link as long, for a letter that is not sent.</summary>
    internal string Link(string page, string? token) => address.Link(page, token ?? "none");

    /// <summary>A page without a token.</summary>
    internal string Link(string page) => address.Link(page);

    static Dictionary<AccountLetter, Text> Read(string locale)
    {
        using var stream = typeof(AccountLetters).Assembly.GetManifestResourceStream($"JeanTrail.Accounts.Letters.letters.{locale}.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, Text>>(stream, JsonSerializerOptions.Web)!
            .ToDictionary(text => Enum.Parse<AccountLetter>(text.Key, ignoreCase: true), text => text.Value);
    }

    sealed record Addressee(string Email, string? Locale);

    sealed record Text(string Subject, string[] Body);
}
