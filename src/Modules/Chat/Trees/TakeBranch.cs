using JeanTrail.Chat.Attachments;
using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Transfer.Export;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Trees;

/// <summary>
/// Takes what another branch says beyond the shown one along, as a file that a message can carry: whichever model answers reads it as it reads
/// any file, and it stays with that message.
/// </summary>
internal static class TakeBranch
{
    internal static void Map(RouteGroupBuilder routes) => routes.MapPost("/conversations/{id:guid}/messages/{messageId:guid}/file", Handle)
        .WithName("Chat_TakeBranch").WithSummary("Make a file of what a branch says down to a message, from where it left the shown branch")
        .WithExample(response: ExampleTalk.Picture with { Name = "Old harbour.md", MediaType = "text/markdown", Width = null, Height = null, HasThumbnail = false });

    static async Task<Results<Created<AttachmentView>, ProblemHttpResult>> Handle(
        Guid id, Guid messageId, Caller caller, ExportSource source, MarkdownExport export, AttachmentStore attachments, IPreferences preferences, CancellationToken cancel)
    {
        if (await source.OpenBeyondShownAsync(id, caller.UserId, messageId, cancel) is not var (branch, beyond))
            return ChatErrors.ConversationNotFound.ToProblem();
        if (branch.Places.Count == 0)
            return ChatErrors.MessageNotFound.ToProblem();
        if (beyond.Places.Count == 0)
            return ChatErrors.BranchIsShown.ToProblem();

        var choice = new ExportChoice(Whole: false, messageId, Messages: null, Files: false, (await preferences.GetAsync(caller.UserId, cancel)).Locale ?? "en");
        using var text = new MemoryStream();
        // Read for nobody: what the person noted beside it is not part of what was said.
        await export.WriteOneAsync(text, default, beyond, choice, cancel);
        text.Position = 0;
        var name = ExportWords.FileName(ExportWords.In(choice.Language).TitleOf(branch.Conversation)) + ".md";
        var made = await attachments.AddAsync(caller.UserId, AttachmentStore.Uploaded, name, text, cancel);
        return made.TryGet(out var file, out var refused) ? TypedResults.Created($"/api/chat/attachments/{file.Id.Value}", file) : refused.ToProblem();
    }
}
