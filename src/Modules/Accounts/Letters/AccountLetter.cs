namespace JeanTrail.Accounts.Letters;

/// <summary>The letters of this module. The names are the keys of their texts in <c>letters.*.json</c>.</summary>
internal enum AccountLetter
{
    /// <summary>Goes on with making an account.</summary>
    SignUp,

    /// <summary>Somebody wants an account for an address that has one.</summary>
    SignUpTaken,

    /// <summary>Asks to confirm an account's address.</summary>
    Verify,

    /// <summary>Leads to a new password.</summary>
    Reset,

    /// <summary>The password was changed.</summary>
    PasswordChanged,

    /// <summary>Signs in.</summary>
    Magic,

    /// <summary>To a new address: asks to confirm it.</summary>
    ConfirmEmail,

    /// <summary>To a new address that has an account already.</summary>
    ConfirmEmailTaken,

    /// <summary>To the former address: how to undo the change.</summary>
    UndoEmail,

    /// <summary>To the former address after that: how to lock out whoever did it.</summary>
    EmailUndone,

    /// <summary>A passkey was added.</summary>
    PasskeyAdded,

    /// <summary>Two-factor authentication was turned off.</summary>
    TwoFactorOff,

    /// <summary>A planned rotation of an API key is due.</summary>
    ApiKeyRotationDue,

    /// <summary>A program took the next secret of its API key.</summary>
    ApiKeyRotated,

    /// <summary>An API key was reported as found, and revoked.</summary>
    ApiKeyLeaked,

    /// <summary>A refresh token came twice, so its session was ended.</summary>
    TokenReused,

    /// <summary>The account is going to be deleted, and how to keep it.</summary>
    DeletionAsked,

    /// <summary>To the owner: stolen passwords are being tried.</summary>
    StuffingSuspected,

    /// <summary>Asks somebody into a team, whether or not they have an account.</summary>
    TeamInvitation,
}

/// <param name="Link">The address of a page of ours, with its token.</param>
/// <param name="Email">An e-mail address the letter speaks of.</param>
/// <param name="Key">The beginning of an API key's secret.</param>
/// <param name="Until">A moment the letter speaks of.</param>
internal sealed record LetterValues(string Link, string Email = "", string Key = "", DateTimeOffset? Until = null);
