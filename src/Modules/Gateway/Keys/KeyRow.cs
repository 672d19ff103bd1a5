using JeanTrail.Kernel.Secrets;

namespace JeanTrail.Gateway.Keys;

/// <summary>A virtual key as stored; <see cref="ToView"/> is what may leave the server.</summary>
/// <remarks>With properties instead of a constructor, because Dapper cannot match an array column to a constructor's parameter.</remarks>
internal sealed record KeyRow
{
    public Guid KeyId { get; init; }

    public Guid UserId { get; init; }

    public string Name { get; init; } = "";

    public byte[] SecretHash { get; init; } = [];

    public string Hint { get; init; } = "";

    public byte[]? PreviousHash { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    public DateTimeOffset? SecretUntil { get; init; }

    public int? RotateEveryDays { get; init; }

    public int OverlapHours { get; init; }

    public DateTimeOffset? RotateAt { get; init; }

    public bool Leaked { get; init; }

    public string[] Surfaces { get; init; } = [];

    public string[] Models { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public int Version { get; init; }

    internal const string Columns = $"""
        key_id, user_id, name, secret_hash, hint, previous_hash, {RotatingSecret.Columns}, surfaces, models,
        created_at, expires_at, revoked_at, last_used_at, version
        """;

    internal ListKeys.Key ToView()
        => new(
            KeyId, UserId, Name, Hint, Surfaces, Models, CreatedAt, ExpiresAt, RevokedAt, LastUsedAt, PreviousUntil, Version, RotateEveryDays, OverlapHours, RotateAt, SecretUntil,
            Leaked);

    public override string ToString() => Name;
}
