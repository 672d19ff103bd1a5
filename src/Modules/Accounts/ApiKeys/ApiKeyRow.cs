using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Accounts.ApiKeys;

/// <summary>A key as stored, without its hashes; <see cref="ToView"/> is what its person sees.</summary>
/// <remarks>With properties instead of a constructor, because Dapper cannot match an array column to a constructor's parameter.</remarks>
internal sealed record ApiKeyRow
{
    public Guid KeyId { get; init; }

    public string Name { get; init; } = "";

    public string Hint { get; init; } = "";

    public string[] Scopes { get; init; } = [];

    public DateTimeOffset? SecretUntil { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    public int? RotateEveryDays { get; init; }

    public int OverlapHours { get; init; }

    public DateTimeOffset? RotateAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public string? LastAddress { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public bool Leaked { get; init; }

    internal const string Columns = $"key_id, name, hint, scopes, {RotatingSecret.Columns}, created_at, expires_at, last_used_at, last_address, revoked_at";

    internal ListApiKeys.Key ToView()
        => new(KeyId, Name, Hint, Scopes, CreatedAt, ExpiresAt, LastUsedAt, LastAddress, RotateEveryDays, OverlapHours, RotateAt, SecretUntil, PreviousUntil, RevokedAt, Leaked);

    public override string ToString() => Name;
}
