using JeanTrail.Contracts.Accounts;
using JeanTrail.Gateway.Keys;
using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Gateway.Api;

/// <summary>
/// <c>GET /v1/key</c> tells a program about the key it came with, <c>POST /v1/key/rotate</c> hands it the key's next secret, once, while a planned
/// rotation is due. Ours, in the way OpenAI's API writes: it has nothing like it.
/// </summary>
internal static class OwnKey
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("key", (RequestDelegate)(context => context.RequestServices.GetRequiredService<Service>().TellAsync(context)))
            .ExcludeFromDescription().AllowAnonymous().ShortCircuit();
        routes.MapPost("key/rotate", (RequestDelegate)(context => context.RequestServices.GetRequiredService<Service>().RotateAsync(context)))
            .ExcludeFromDescription().AllowAnonymous().DisableValidation().ShortCircuit();
    }

    internal sealed class Service(KeyRing keys, Db db, IAudit audit, IKeyLetters letters, TimeProvider clock)
    {
        const string FindSql = $"select {KeyRow.Columns} from gateway.virtual_key where key_id = @Id and revoked_at is null";

        const string TakeSql = $"""
            update gateway.virtual_key set {RotatingSecret.Taken}, version = version + 1
            where key_id = @Id and user_id = @User and {RotatingSecret.MayBeTaken}
            returning {KeyRow.Columns}
            """;

        internal async Task TellAsync(HttpContext context)
        {
            if (await GrantAsync(context) is not { } grant)
                return;
            if (await db.FindAsync<KeyRow>(FindSql, new { Id = grant.Consumer.KeyId }, context.RequestAborted) is { } row)
                await WriteAsync(context, row, secret: null);
            else
                await ApiErrors.WriteAsync(context, GatewayErrors.VirtualKeyRevoked);
        }

        internal async Task RotateAsync(HttpContext context)
        {
            if (await GrantAsync(context) is not { } grant)
                return;
            var (secret, user, cancel) = (KeySecret.New(), grant.Consumer.UserId, context.RequestAborted);
            var change = new
            {
                Id = grant.Consumer.KeyId!.Value,
                User = user,
                Hash = KeySecret.HashOf(secret)!.Value.ToArray(),
                Hint = KeySecret.Hint(secret),
                Presented = KeySecret.HashOf(ApiRequests.Secret(context.Request))!.Value.ToArray(),
                Now = clock.GetUtcNow(),
            };
            var taken = await db.InTransactionAsync(
                async tx =>
                {
                    if (await tx.FindAsync<KeyRow>(TakeSql, change, cancel) is not { } key)
                        return null;
                    await letters.SendAsync(tx, KeyNews.Rotated, user, key.Hint, ReportLeakedKey.Page, until: null, cancel);
                    var entry = new AuditEntry(AuditAct.VirtualKeyRotated, user, null, null, ClientAddress.Of(context), [change.Id], After: new { Planned = true });
                    await audit.WriteAsync(tx, entry, cancel);
                    return key;
                },
                cancel);
            if (taken is null)
            {
                await ApiErrors.WriteAsync(context, GatewayErrors.RotationNotDue);
                return;
            }

            await keys.InvalidateAsync(change.Id, CancellationToken.None);
            await WriteAsync(context, taken, secret);
        }

        /// <summary>Null when the request was answered with an error.</summary>
        async Task<KeyGrant?> GrantAsync(HttpContext context)
        {
            if ((await keys.FindAsync(ApiRequests.Secret(context.Request), context.RequestAborted)).TryGet(out var grant, out var error))
                return grant;
            await ApiErrors.WriteAsync(context, error);
            return null;
        }

        Task WriteAsync(HttpContext context, KeyRow row, string? secret)
        {
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsJsonAsync(
                new
                {
                    id = row.KeyId,
                    @object = "key",
                    name = row.Name,
                    hint = row.Hint,
                    secret,
                    rotation_due = row.SecretUntil > clock.GetUtcNow(),
                    secret_until = row.SecretUntil?.ToUnixTimeSeconds(),
                    rotate_at = row.RotateAt?.ToUnixTimeSeconds(),
                    previous_until = row.PreviousUntil?.ToUnixTimeSeconds(),
                    expires_at = row.ExpiresAt?.ToUnixTimeSeconds(),
                },
                context.RequestAborted);
        }
    }
}
