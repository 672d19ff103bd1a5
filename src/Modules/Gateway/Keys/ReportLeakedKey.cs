using System.ComponentModel.DataAnnotations;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Gateway.Keys;

/// <summary>Whoever finds a virtual key, in a repository or a log, can end it: that they hold it is all the proof there is to ask for.</summary>
internal static class ReportLeakedKey
{
    /// <summary>Where people find their keys.</summary>
    internal const string Page = "/gateway/keys";

    public sealed record Request([Required, StringLength(200)] string Secret)
    {
        public override string ToString() => nameof(Request);
    }

    const string Sql = $"""
        update gateway.virtual_key set revoked_at = @Now, leaked = true, version = version + 1
        where revoked_at is null and (expires_at is null or expires_at > @Now) and {RotatingSecret.Works}
        returning key_id, user_id, hint
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/keys/leaked", Handle)
            .WithName("Gateway_ReportLeakedKey")
            .WithSummary("Revokes a virtual key that was found where it should not be, and tells its person. The answer is the same for every text.")
            .WithExample(new Request(CreateKey.ExampleSecret))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Accepted> Handle(
        Request request, HttpContext context, Db db, IAudit audit, IKeyLetters letters, KeyRing keys, TimeProvider clock, CancellationToken cancel)
    {
        var hash = KeySecret.HashOf(request.Secret.Trim())?.ToArray() ?? [];
        // The key is somebody else's than whoever found it, signed in or not.
        using var scope = RowScope.Server();
        var leaked = await db.InTransactionAsync(
            async tx =>
            {
                var key = await tx.FindAsync<Row>(Sql, new { Hash = hash, Now = clock.GetUtcNow() }, cancel);
                await letters.SendAsync(tx, KeyNews.Leaked, key?.UserId ?? default, key?.Hint ?? "", Page, until: null, cancel);
                if (key is not null)
                    await audit.WriteAsync(tx, AuditEntry.OfNobody(AuditAct.VirtualKeyLeaked, context, [key.KeyId, key.UserId.Value]), cancel);
                return key?.KeyId;
            },
            cancel);
        if (leaked is { } ended)
            await keys.InvalidateAsync(ended, CancellationToken.None);
        return TypedResults.Accepted((string?)null);
    }

    sealed record Row(Guid KeyId, UserId UserId, string Hint);
}
