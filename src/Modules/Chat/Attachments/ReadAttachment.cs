using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Attachments;

/// <summary>Gives a file back to whom it belongs, and to those who may read a message that shows it.</summary>
internal static class ReadAttachment
{
    const string FindSql = $"""
        select a.name, a.media_type, a.blob, a.thumbnail_blob from chat.attachment a
        where a.attachment_id = @Id and (a.owner_id = @Person or exists (
            select from chat.message_part p join chat.message m on m.message_id = p.message_id join chat.conversation c on c.conversation_id = m.conversation_id
            where p.attachment_id = a.attachment_id and {ChatAccess.View}))
        """;

    // What an id stands for never changes; it is somebody's own all the same.
    const string Kept = "private, max-age=31536000, immutable";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/attachments/{id:guid}", WholeAsync)
            .WithName("Chat_GetAttachment").WithSummary("The bytes of an attached file")
            .Produces(StatusCodes.Status200OK, contentType: MediaTypes.Unknown);
        routes.MapGet("/attachments/{id:guid}/thumbnail", ThumbnailAsync)
            .WithName("Chat_GetAttachmentThumbnail").WithSummary("A picture in 256 pixels at most, as WebP")
            .Produces(StatusCodes.Status200OK, contentType: "image/webp");
    }

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> WholeAsync(
        Guid id, HttpContext http, Caller caller, Db db, AttachmentDelivery delivery, CancellationToken cancel)
        => await FindAsync(id, caller, db, cancel) is { } row
            ? await delivery.SendAsync(http, caller.UserId, row.Blob, row.MediaType, row.Name, Kept, cancel)
            : ChatErrors.AttachmentNotFound.ToProblem();

    static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> ThumbnailAsync(
        Guid id, HttpContext http, Caller caller, Db db, AttachmentDelivery delivery, CancellationToken cancel)
        => await FindAsync(id, caller, db, cancel) is { ThumbnailBlob: { } thumbnail }
            ? await delivery.SendAsync(http, caller.UserId, thumbnail, "image/webp", name: null, Kept, cancel)
            : ChatErrors.AttachmentNotFound.ToProblem();

    static Task<Row?> FindAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
        => db.FindAsync<Row>(FindSql, new { Id = new AttachmentId(id), Person = caller.UserId }, cancel);

    sealed record Row(string Name, string MediaType, string Blob, string? ThumbnailBlob);
}
