using System.Security.Cryptography;
using System.Text;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Gateway.Traces;

internal static partial class GetCallBodies
{
    /// <summary>What was said in a call, as it left the gateway and as it came to the caller: behind the guardrails.</summary>
    /// <param name="Request">JSON, or the beginning of it; null for files.</param>
    /// <param name="Reply">JSON, or the events of a stream, or the beginning of either; null for sound and pictures, and when there was no answer.</param>
    public sealed record Bodies(Guid CallId, string? Request, bool RequestTruncated, string? Reply, bool ReplyTruncated, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
    {
        public override string ToString() => CallId.ToString();
    }

    const string Sql = """
        select user_id, request, reply, request_truncated, reply_truncated, created_at, expires_at
        from gateway.call_body where call_id = @Id and expires_at > @Now
        """;

    static readonly Bodies Example = new(
        new Guid("019cebb1-5a2d-7f60-8c1e-2b9a7d4e3f10"), """{"model":"support","messages":[{"role":"user","content":"Write to [email]"}]}""", RequestTruncated: false,
        """{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Done."},"finish_reason":"stop"}]}""", ReplyTruncated: false,
        new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero), new(2026, 3, 21, 9, 26, 53, TimeSpan.Zero));

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapGet("/calls/{id:guid}/bodies", Handle)
            .WithName("Gateway_GetCallBodies")
            .WithSummary("Shows what was said in a call, where its route keeps that.")
            .WithExample(response: Example)
            .RequireAuthorization(Permissions.GatewayManage);

    static async Task<Results<Ok<Bodies>, ProblemHttpResult>> Handle(
        Guid id, Caller caller, Db db, ISecretProtector protector, TimeProvider clock, ILoggerFactory loggers, CancellationToken cancel)
    {
        if (await db.FindAsync<Row>(Sql, new { Id = id, Now = clock.GetUtcNow() }, cancel) is not { } row)
            return KernelErrors.NotFound.ToProblem();
        var (logger, reader) = (loggers.CreateLogger("JeanTrail.Gateway.Traces"), caller.UserId);
        LogRead(logger, id, reader);
        try
        {
            return TypedResults.Ok(new Bodies(
                id, await OpenAsync("request", row.Request), row.RequestTruncated, await OpenAsync("reply", row.Reply), row.ReplyTruncated, row.CreatedAt, row.ExpiresAt));
        }
        catch (CryptographicException)
        {
            return GatewayErrors.BodiesUnreadable.ToProblem();
        }

        async Task<string?> OpenAsync(string column, byte[]? body)
            => body is null ? null : Encoding.UTF8.GetString(await protector.UnprotectBytesAsync(BodyArchive.Place(row.UserId, column, id), body, cancel));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The bodies of call {CallId} were read by {UserId}")]
    static partial void LogRead(ILogger logger, Guid callId, UserId userId);

    sealed record Row(UserId UserId, byte[]? Request, byte[]? Reply, bool RequestTruncated, bool ReplyTruncated, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);
}
