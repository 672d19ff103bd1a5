using System.ComponentModel.DataAnnotations;
using JeanTrail.Accounts.Letters;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Accounts.ApiKeys;

/// <summary>Whoever finds a key, in a repository or a log, can end it: that they hold it is all the proof there is to ask for.</summary>
internal static class ReportLeakedApiKey
{
    public sealed record Request([Required, StringLength(200)] string Secret)
    {
        public override string ToString() => nameof(Request);
    }

    const string Sql = $"""
        update accounts.api_key k set revoked_at = @Now, leaked = true
        from accounts.user u left join accounts.preference p on p.user_id = u.user_id
        where u.user_id = k.user_id and k.revoked_at is null and {RotatingSecret.Works}
        returning k.key_id, k.user_id, k.hint, u.email, p.locale
        """;

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPost("/api-keys/leaked", Handle)
            .WithName("Accounts_ReportLeakedApiKey")
            .WithSummary("Revokes an API key that was found where it should not be, and tells its person. The answer is the same for every text.")
            .WithExample(new Request(CreateApiKey.ExampleSecret))
            .RequireRateLimiting(RateLimits.Auth)
            .AllowAnonymous();

    static async Task<Accepted> Handle(
        Request request, HttpContext context, Db db, IAudit audit, AccountLetters letters, LiveApiKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        var hash = BearerToken.HashOf(BearerToken.ApiKey, request.Secret.Trim())?.ToArray() ?? [];
        var leaked = await db.InTransactionAsync(
            async tx =>
            {
                var key = await tx.FindAsync<Row>(Sql, new { Hash = hash, Now = clock.GetUtcNow() }, cancel);
                await letters.SendAsync(tx, AccountLetter.ApiKeyLeaked, key?.Email, key?.Locale, new(letters.Link("/settings/keys"), Key: key?.Hint ?? ""), cancel);
                if (key is not null)
                    await audit.WriteAsync(tx, AuditEntry.OfNobody(AuditAct.ApiKeyLeaked, context, [key.KeyId, key.UserId]), cancel);
                return key?.KeyId;
            },
            cancel);
        if (leaked is { } ended)
            await keys.EndedAsync(ended);
        return TypedResults.Accepted((string?)null);
    }

    sealed record Row(Guid KeyId, Guid UserId, string Hint, string Email, string? Locale);
}
