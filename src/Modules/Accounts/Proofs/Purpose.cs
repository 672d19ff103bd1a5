namespace JeanTrail.Accounts.Proofs;

/// <summary>What a proof is good for, and how long. A proof of one purpose opens nothing else.</summary>
internal sealed record Purpose(string Name, TimeSpan Lifetime)
{
    /// <summary>Makes an account for an address.</summary>
    internal static readonly Purpose SignUp = new("sign-up", TimeSpan.FromHours(24));

    /// <summary>Shows that an account's address is read by its person.</summary>
    internal static readonly Purpose Verify = new("verify", TimeSpan.FromHours(24));

    /// <summary>Sets a new password.</summary>
    internal static readonly Purpose Reset = new("reset", TimeSpan.FromMinutes(30));

    /// <summary>Signs in.</summary>
    internal static readonly Purpose Magic = new("magic", TimeSpan.FromMinutes(15));

    /// <summary>Gives an account a new address.</summary>
    internal static readonly Purpose ChangeEmail = new("email-change", TimeSpan.FromHours(24));

    /// <summary>Gives an account its former address back.</summary>
    internal static readonly Purpose UndoEmail = new("email-undo", TimeSpan.FromDays(7));

    /// <summary>Keeps an account that was going to be deleted; longer than the longest time of grace, which ends it earlier.</summary>
    internal static readonly Purpose CancelDeletion = new("deletion-cancel", TimeSpan.FromDays(100));
    /// <summary>Lets somebody into a team, and makes their account where they have none. Its subject is the invitation's id.</summary>
    internal static readonly Purpose Invitation = new("invitation", TimeSpan.FromDays(7));
}
