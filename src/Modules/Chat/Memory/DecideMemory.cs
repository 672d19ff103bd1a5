using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Memory;

/// <summary>Keep it, dismiss it, forget it, bring it back.</summary>
internal static class DecideMemory
{
    /// <param name="Count">How many were forgotten.</param>
    public sealed record Cleared(int Count);

    const string KeepSql = "update chat.memory set state = 'kept', updated_at = @Now where memory_id = @Id and owner_id = @Owner and state <> 'kept' and deleted_at is null";
    const string DismissSql = "update chat.memory set state = 'dismissed', updated_at = @Now where memory_id = @Id and owner_id = @Owner and state = 'proposed' and deleted_at is null";
    const string ForgetSql = "update chat.memory set deleted_at = @Now, updated_at = @Now where memory_id = @Id and owner_id = @Owner and deleted_at is null";
    const string RestoreSql = "update chat.memory set deleted_at = null, updated_at = @Now where memory_id = @Id and owner_id = @Owner and deleted_at is not null";
    const string ClearSql = "update chat.memory set deleted_at = @Now, updated_at = @Now where owner_id = @Owner and deleted_at is null";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapPost("/memory/{id:guid}/keep", With(KeepSql)).WithName("Chat_KeepMemory").WithSummary("Keep what Jean proposed, or dismissed or expired facts after all");
        routes.MapPost("/memory/{id:guid}/dismiss", With(DismissSql)).WithName("Chat_DismissMemory").WithSummary("Dismiss what Jean proposed; it is not proposed again");
        routes.MapDelete("/memory/{id:guid}", With(ForgetSql)).WithName("Chat_ForgetMemory").WithSummary("Forget a fact; it can be brought back for 30 days");
        routes.MapPost("/memory/{id:guid}/restore", With(RestoreSql)).WithName("Chat_RestoreMemory").WithSummary("Bring back a forgotten fact");
        routes.MapDelete("/memory", ClearAsync).WithName("Chat_ClearMemory").WithSummary("Forget everything; each fact can be brought back for 30 days")
            .WithExample(response: new Cleared(12));
    }

    static Func<Guid, Caller, Db, MemoryBook, TimeProvider, CancellationToken, Task<Results<NoContent, ProblemHttpResult>>> With(string sql)
        => async (id, caller, db, book, clock, cancel) =>
        {
            if (await db.ExecuteAsync(sql, new { Id = new MemoryId(id), Owner = caller.UserId, Now = clock.GetUtcNow() }, cancel) == 0)
                return ChatErrors.MemoryNotFound.ToProblem();
            await book.ChangedAsync(caller.UserId, cancel);
            return TypedResults.NoContent();
        };

    static async Task<Ok<Cleared>> ClearAsync(Caller caller, Db db, MemoryBook book, TimeProvider clock, CancellationToken cancel)
    {
        var count = await db.ExecuteAsync(ClearSql, new { Owner = caller.UserId, Now = clock.GetUtcNow() }, cancel);
        await book.ChangedAsync(caller.UserId, cancel);
        return TypedResults.Ok(new Cleared(count));
    }
}
