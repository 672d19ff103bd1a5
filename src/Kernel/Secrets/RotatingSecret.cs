namespace JeanTrail.Kernel.Secrets;

/// <summary>
/// The rules of keys whose secret is renewed: by their person at will, or as planned. When a planned rotation comes due the present secret gets an
/// end, before which its program takes the next one, once; it is made when it is taken, so that none that can be read ever lies here. Whoever
/// finds a secret that works may end its key.
/// </summary>
/// <remarks>
/// Pieces of SQL for tables with <c>secret_hash hint previous_hash expires_at revoked_at</c> and <see cref="Columns"/>.
/// </remarks>
public static class RotatingSecret
{
    public const int MaxEveryDays = 365;
    public const int MaxOverlapHours = 30 * 24;
    public const int DefaultOverlapHours = 24;

    /// <summary>What a rotation needs besides the hashes.</summary>
    public const string Columns = "secret_until, previous_until, rotate_every_days, overlap_hours, rotate_at, leaked";

    const string Renewed = """
        secret_hash = @Hash, hint = @Hint, secret_until = null, rotate_at = @Now::timestamptz + make_interval(days => rotate_every_days)
        """;

    /// <summary>For <c>set</c>, when the person wants a new secret: the present one works until <c>@Until</c>, but never longer than a due rotation had granted it.</summary>
    public const string Replaced = $"previous_hash = secret_hash, previous_until = least(secret_until, @Until), {Renewed}";

    /// <summary>For <c>set</c>, when its program takes the next one.</summary>
    public const string Taken = $"previous_hash = secret_hash, previous_until = secret_until, {Renewed}";

    /// <summary>Asked of the hash that came with the request: the secret before cannot take a second one, nor one that is not due.</summary>
    public const string MayBeTaken = "revoked_at is null and secret_hash = @Presented and secret_until > @Now";

    /// <summary>Whether <c>@Hash</c> is a secret that works. One that does not ends nothing when it is reported.</summary>
    public const string Works = "(secret_hash = @Hash and (secret_until is null or secret_until > @Now) or previous_hash = @Hash and previous_until > @Now)";

    /// <summary>A planned rotation that has come.</summary>
    public const string IsDue = "rotate_at <= @Now and revoked_at is null and (expires_at is null or expires_at > @Now)";

    /// <summary>For <c>set</c>, when it has.</summary>
    public const string ComesDue = "secret_until = @Now + make_interval(hours => overlap_hours), rotate_at = null";

    /// <summary>When the first planned rotation comes.</summary>
    public static DateTimeOffset? FirstAt(DateTimeOffset now, int? everyDays) => everyDays is { } days ? now.AddDays(days) : null;
}
