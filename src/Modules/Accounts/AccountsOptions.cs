using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Accounts;

/// <summary>The section <c>Accounts</c>.</summary>
internal sealed record AccountsOptions
{
    /// <summary>A session ends when it was not used for so long.</summary>
    public TimeSpan SessionIdleLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A session ends after so long, however much it is used.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromDays(180);

    /// <summary>A database of places by network address in MaxMind's format, for the list of devices; null for none.</summary>
    public string? PlaceDatabase { get; init; }

    public Passwords.BreachedPasswordsOptions BreachedPasswords { get; init; } = new();

    /// <summary>How long somebody who has their account deleted can take it back.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "90.00:00:00")]
    public TimeSpan DeletionGrace { get; init; } = TimeSpan.FromDays(14);

    /// <summary>PBKDF2-HMAC-SHA512 rounds. Source: OWASP Password Storage Cheat Sheet, at least 210,000.</summary>
    [Range(210_000, 10_000_000)]
    public int PasswordIterations { get; init; } = 210_000;

    /// <summary>Whether identity providers may stand in private networks, this machine's own included, and be reached by plain http.</summary>
    public bool PrivateIdentityProviders { get; init; }
}
