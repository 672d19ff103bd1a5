using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Together;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Recordings;

/// <summary>What is said in a recording, for those who may hear it; its owner may have it written down once more where that failed.</summary>
internal static class Transcript
{
    /// <param name="State">As of the attachment: <c>none pending done failed</c>.</param>
    /// <param name="Text">All of it, a paragraph a line; null when nothing is said.</param>
    /// <param name="Model">Who wrote it down.</param>
    public sealed record Response(string State, string? Code, string? Text, string? Model);

    const string FindSql = $"""
        select a.transcript as state, a.transcript_code as code, a.extracted as text, a.transcript_model as model from chat.attachment a
        where a.attachment_id = @Id and a.transcript is not null and (a.owner_id = @Person or exists (
            select from chat.message_part p join chat.message m on m.message_id = p.message_id join chat.conversation c on c.conversation_id = m.conversation_id
            where p.attachment_id = a.attachment_id and {ChatAccess.View}))
        """;

    const string OwnSql = "select transcript from chat.attachment where attachment_id = @Id and transcript is not null and owner_id = @Person";

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/attachments/{id:guid}/transcript", ReadAsync)
            .WithName("Chat_GetTranscript").WithSummary("What is said in a recording")
            .WithExample(response: new Response(TranscriptView.Done, null, "When does the lighthouse open?", "whisper-tiny"));
        routes.MapPost("/attachments/{id:guid}/transcript", AgainAsync)
            .WithName("Chat_WriteTranscript").WithSummary("Have a recording written down that could not be before")
            .WithExample(response: new TranscriptView(TranscriptView.Pending));
    }

    static async Task<Results<Ok<Response>, ProblemHttpResult>> ReadAsync(Guid id, Caller caller, Db db, CancellationToken cancel)
        => await db.FindAsync<Response>(FindSql, new { Id = new AttachmentId(id), Person = caller.UserId }, cancel) is { } found
            ? TypedResults.Ok(found) : ChatErrors.AttachmentNotFound.ToProblem();

    static async Task<Results<Ok<TranscriptView>, ProblemHttpResult>> AgainAsync(Guid id, Caller caller, Db db, TranscriptQueue queue, CancellationToken cancel)
        => await db.FindAsync<string>(OwnSql, new { Id = new AttachmentId(id), Person = caller.UserId }, cancel) is not { } state ? ChatErrors.AttachmentNotFound.ToProblem()
            : TypedResults.Ok(state is TranscriptView.None or TranscriptView.Failed ? await queue.BeginAsync(caller.UserId, new AttachmentId(id), cancel) : new TranscriptView(state));
}
