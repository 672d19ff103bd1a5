using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Accounts.Letters;

/// <summary>
/// Where a change of how a person gets in is both put on the record and told to them by letter, so that whoever made it in their stead is
/// found out.
/// </summary>
internal sealed class SecurityNotices(AccountLetters letters, IAudit audit)
{
    /// <param name="page">Where the letter leads.</param>
    /// <param name="key">The beginning of an API key's secret, when it is about one.</param>
    internal async Task TellAsync(Tx tx, AuditEntry entry, UserId person, AccountLetter letter, string page, CancellationToken cancel, string key = "")
    {
        await audit.WriteAsync(tx, entry, cancel);
        await letters.SendAsync(tx, letter, person, new(letters.Link(page), Key: key), cancel);
    }
}
