using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Accounts;

/// <summary>Tells people by letter, in their language, about keys of theirs that other modules keep.</summary>
public interface IKeyLetters
{
    /// <summary>
    /// Writes the letter in the transaction. For somebody who is not there the same is done and nothing is sent, so that the time it takes tells nothing.
    /// </summary>
    /// <param name="hint">What the key is recognised by, never its secret.</param>
    /// <param name="page">Of ours, where the keys are.</param>
    /// <param name="until">When the present secret ends, for <see cref="KeyNews.RotationDue"/>.</param>
    Task SendAsync(Tx transaction, KeyNews news, UserId person, string hint, string page, DateTimeOffset? until, CancellationToken cancel);
}

/// <summary>What there is to tell about a key.</summary>
public enum KeyNews
{
    /// <summary>A planned rotation is due.</summary>
    RotationDue,

    /// <summary>A program took the next secret.</summary>
    Rotated,

    /// <summary>It was reported as found, and revoked.</summary>
    Leaked,
}
