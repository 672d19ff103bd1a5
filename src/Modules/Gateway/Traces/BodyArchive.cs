using JeanTrail.Gateway.Exchange;
using JeanTrail.Gateway.Usage;
using JeanTrail.Gateway.Writing;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Secrets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Gateway.Traces;

/// <summary>Keeps what was said in calls, sealed and for a while, on routes whose owner wants it. Written after the call.</summary>
internal sealed class BodyArchive : IHostedService
{
    const string Sql = """
        insert into gateway.call_body (call_id, user_id, request, reply, request_truncated, reply_truncated, created_at, expires_at)
        values (@CallId, @User, @Request, @Reply, @RequestTruncated, @ReplyTruncated, @CreatedAt, @ExpiresAt)
        on conflict do nothing
        """;

    readonly Db db;
    readonly ISecretProtector protector;
    readonly TimeProvider clock;
    readonly TimeSpan lifetime;
    readonly WriteBehind<CallBodies> writer;

    public BodyArchive(Db db, ISecretProtector protector, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<BodyArchive> logger)
    {
        (this.db, this.protector, this.clock, lifetime) = (db, protector, clock, options.Value.BodyLifetime);
        writer = new WriteBehind<CallBodies>("bodies", options.Value.BodyQueueBytes, WriteAsync, logger);
    }

    /// <summary>What a call said, as it went out, to be kept when the call is over.</summary>
    internal CallRecording Begin(GatewayCall call, CallEntry entry) => new(this, call, entry);

    internal void Add(CallBodies bodies) => writer.TryAdd(bodies, bodies.SizeBytes);

    internal Task FlushAsync(CancellationToken cancel) => writer.FlushAsync(cancel);

    /// <summary>Where a body is kept: sealed with the data key of the person it was said for, and readable nowhere else.</summary>
    internal static SecretPlace Place(UserId user, string column, Guid callId) => new(user.Value, $"gateway.call_body.{column}", callId);

    public Task StartAsync(CancellationToken cancellationToken) => writer.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => writer.StopAsync(cancellationToken);

    async Task WriteAsync(IReadOnlyList<CallBodies> batch, CancellationToken cancel)
    {
        foreach (var bodies in batch)
        {
            var now = clock.GetUtcNow();
            var row = new
            {
                bodies.CallId,
                bodies.User,
                Request = await SealAsync(bodies, "request", bodies.Request, cancel),
                Reply = await SealAsync(bodies, "reply", bodies.Reply, cancel),
                bodies.RequestTruncated,
                bodies.ReplyTruncated,
                CreatedAt = now,
                ExpiresAt = now + lifetime,
            };
            await db.ExecuteAsync(Sql, row, cancel);
        }
    }

    async Task<byte[]?> SealAsync(CallBodies bodies, string column, ReadOnlyMemory<byte>? body, CancellationToken cancel)
        => body is { } plain ? await protector.ProtectAsync(Place(bodies.User, column, bodies.CallId), plain, cancel) : null;
}

/// <param name="Request">Null for files.</param>
/// <param name="Reply">Null for sound and pictures, and when there was none.</param>
internal sealed record CallBodies(Guid CallId, UserId User, ReadOnlyMemory<byte>? Request, bool RequestTruncated, ReadOnlyMemory<byte>? Reply, bool ReplyTruncated)
{
    internal long SizeBytes => (Request?.Length ?? 0) + (Reply?.Length ?? 0) + 200;

    public override string ToString() => CallId.ToString();
}
