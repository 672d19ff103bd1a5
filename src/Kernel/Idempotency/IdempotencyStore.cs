using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Kernel.Idempotency;

/// <summary>The keys and their answers. A running request holds its key for a lease, so that the death of its node frees it.</summary>
internal sealed class IdempotencyStore(Db db, TimeProvider clock)
{
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(12);

    static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    const string BeginSql = """
        insert into kernel.idempotency (user_id, key, fingerprint, run_id, lease_until, expires_at)
        values (@User, @Key, @Fingerprint, @Run, @LeaseUntil, @ExpiresAt)
        on conflict (user_id, key) do update set fingerprint = excluded.fingerprint, run_id = excluded.run_id,
            lease_until = excluded.lease_until, expires_at = excluded.expires_at,
            status = null, content_type = null, location = null, body = null
        where idempotency.expires_at <= @Now
            or (idempotency.status is null and idempotency.lease_until <= @Now and idempotency.fingerprint = excluded.fingerprint)
        returning run_id
        """;

    const string FindSql = "select fingerprint, status, content_type, location, body from kernel.idempotency where user_id = @User and key = @Key";

    const string RenewSql = """
        update kernel.idempotency set lease_until = @LeaseUntil where user_id = @User and key = @Key and run_id = @Run and status is null
        """;

    const string CompleteSql = """
        update kernel.idempotency set status = @Status, content_type = @ContentType, location = @Location, body = @Body, lease_until = null
        where user_id = @User and key = @Key and run_id = @Run
        """;

    const string ReleaseSql = "delete from kernel.idempotency where user_id = @User and key = @Key and run_id = @Run";

    /// <returns><see cref="Begun"/>, or what stands under the key.</returns>
    internal async Task<Outcome> BeginAsync(UserId user, Guid key, byte[] fingerprint, Guid run, CancellationToken cancel)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var row = new { User = user, Key = key, Fingerprint = fingerprint, Run = run, Now = now, LeaseUntil = now + Lease, ExpiresAt = now + Kept };
            if (await db.FindAsync<Guid?>(BeginSql, row, cancel) is not null)
                return new Begun();
            if (await db.FindAsync<Stored>(FindSql, row, cancel) is { } stored)
                return stored;

            // Released between the two statements: the key is free.
        }
    }

    internal Task RenewAsync(UserId user, Guid key, Guid run, CancellationToken cancel)
        => db.ExecuteAsync(RenewSql, new { User = user, Key = key, Run = run, LeaseUntil = clock.GetUtcNow() + Lease }, cancel);

    internal Task CompleteAsync(
        UserId user, Guid key, Guid run, int status, string? contentType, string? location, byte[] body, CancellationToken cancel)
        => db.ExecuteAsync(CompleteSql, new { User = user, Key = key, Run = run, Status = status, ContentType = contentType, Location = location, Body = body }, cancel);

    internal Task ReleaseAsync(UserId user, Guid key, Guid run, CancellationToken cancel)
        => db.ExecuteAsync(ReleaseSql, new { User = user, Key = key, Run = run }, cancel);

    internal abstract record Outcome;

    internal sealed record Begun : Outcome;

    /// <param name="Status">Null while the request runs.</param>
    internal sealed record Stored(byte[] Fingerprint, int? Status, string? ContentType, string? Location, byte[]? Body) : Outcome;
}
