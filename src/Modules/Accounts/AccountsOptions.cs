using System.ComponentModel.DataAnnotations;

namespace JeanTrail.Accounts;

/// <summary>The section <c>Accounts</c>.</summary>
internal sealed record AccountsOptions
{
    /// <summary>A session ends when it was not used for so long.</summary>
    public TimeSpan SessionIdleLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A session ends after so long, however much it is used.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromDays(180);

    /// <summary>PBKDF2-HMAC-SHA512 rounds. Source: OWASP Password Storage Cheat Sheet, at least 210,000.</summary>
    [Range(210_000, 10_000_000)]
    public int PasswordIterations { get; init; } = 210_000;
}
