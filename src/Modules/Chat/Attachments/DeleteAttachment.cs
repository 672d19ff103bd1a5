using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Attachments;

/// <summary>Takes an upload back that was not sent. What a message shows goes with the message.</summary>
internal static class DeleteAttachment
{
    const string DeleteSql = """
        delete from chat.attachment a
        where a.attachment_id = @Id and a.owner_id = @Owner and not exists (select from chat.message_part p where p.attachment_id = a.attachment_id)
        returning a.size_bytes
        """;

    const string ExistsSql = "select 1 from chat.attachment where attachment_id = @Id and owner_id = @Owner";

    internal static void Map(RouteGroupBuilder routes) => routes.MapDelete("/attachments/{id:guid}", Handle)
        .WithName("Chat_DeleteAttachment").WithSummary("Take back an upload that no message shows");

    static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Caller caller, Db db, IQuotas quotas, CancellationToken cancel)
    {
        var args = new { Id = new AttachmentId(id), Owner = caller.UserId };
        var refused = await db.InTransactionAsync(async tx =>
        {
            if (await tx.FindAsync<long?>(DeleteSql, args, cancel) is not { } size)
                return await tx.FindAsync<int?>(ExistsSql, args, cancel) is null ? ChatErrors.AttachmentNotFound : ChatErrors.AttachmentInUse;
            await quotas.ReleaseAsync(tx, caller.UserId, QuotaMeter.Storage, size, cancel);
            return null;
        }, cancel);
        return refused is null ? TypedResults.NoContent() : refused.ToProblem();
    }
}
