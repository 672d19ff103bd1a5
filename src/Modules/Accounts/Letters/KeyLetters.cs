using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Letters;

internal sealed class KeyLetters(AccountLetters letters) : IKeyLetters
{
    public Task SendAsync(Tx transaction, KeyNews news, UserId person, string hint, string page, DateTimeOffset? until, CancellationToken cancel)
        => letters.SendAsync(transaction, LetterOf(news), person, new LetterValues(letters.Link(page), Key: hint, Until: until), cancel);

    static AccountLetter LetterOf(KeyNews news) => news switch
    {
        KeyNews.RotationDue => AccountLetter.ApiKeyRotationDue,
        KeyNews.Rotated => AccountLetter.ApiKeyRotated,
        _ => AccountLetter.ApiKeyLeaked,
    };
}
