using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Chat.Transfer.Export;

/// <summary>Hands over a conversation, a branch, some messages, or everything.</summary>
internal static class ExportConversations
{
    const int MostMessages = 150;

    /// <param name="Pdf">Whether this server can print; it needs Chromium.</param>
    public sealed record Formats(bool Pdf);

    internal static void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("/export/formats", (PdfPrinter printer) => TypedResults.Ok(new Formats(printer.IsAvailable)))
            .WithName("Chat_ListExportFormats").WithSummary("Which export formats this server can make besides Markdown, JSON and CSV")
            .WithExample(response: new Formats(true));
        routes.MapGet("/conversations/{id:guid}/export", HandleOne)
            .WithName("Chat_ExportConversation").WithSummary("A conversation as Markdown, JSON, CSV or PDF: its shown branch, the whole tree, or some messages")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
        routes.MapGet("/export", HandleAll)
            .WithName("Chat_ExportAll").WithSummary("All conversations that are not in the bin")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream");
    }

    /// <param name="scope"><c>branch</c> or <c>all</c>.</param>
    /// <param name="head">The end of the branch; absent for the one that is shown.</param>
    /// <param name="messages">Ids with commas between them: only these messages.</param>
    /// <param name="files">With the images and files: Markdown and JSON then come in a ZIP.</param>
    /// <param name="language">Of the few words around the messages.</param>
    static async Task<Results<PushStreamHttpResult, FileStreamHttpResult, ProblemHttpResult>> HandleOne(
        Guid id, Caller caller, ExportSource source, ExportWriter writer, CancellationToken cancel,
        [RegularExpression("^(markdown|json|csv|pdf)$")] string format = "markdown",
        [RegularExpression("^(branch|all)$")] string scope = "branch",
        Guid? head = null, string? messages = null, bool files = true,
        [RegularExpression("^(en|ar|vi|ru)$")] string language = "en")
    {
        if (!TryReadIds(messages, out var only))
            return KernelErrors.BadRequest($"Name at most {MostMessages} messages by their ids, with commas between them.").ToProblem();
        var choice = new ExportChoice(scope == "all", head, only, files, language);
        if (await source.OpenAsync(id, caller.UserId, choice, cancel) is not { } talk)
            return ChatErrors.ConversationNotFound.ToProblem();
        if (talk.Places.Count == 0 && (only is not null || head is not null))
            return ChatErrors.MessageNotFound.ToProblem();
        return await writer.WriteAsync(format, caller.UserId, [id], talk, choice, cancel);
    }

    static async Task<Results<PushStreamHttpResult, FileStreamHttpResult, ProblemHttpResult>> HandleAll(
        Caller caller, ExportSource source, ExportWriter writer, CancellationToken cancel,
        [RegularExpression("^(markdown|json|csv|pdf)$")] string format = "json", bool files = true,
        [RegularExpression("^(en|ar|vi|ru)$")] string language = "en")
        => await writer.WriteAsync(
            format, caller.UserId, await source.ConversationsAsync(caller.UserId, cancel), null,
            // Machines get the whole trees; people read the branches that are shown.
            new ExportChoice(format is "json" or "csv", null, null, files, language), cancel);

    static bool TryReadIds(string? text, out IReadOnlyList<Guid>? ids)
    {
        ids = null;
        if (string.IsNullOrEmpty(text))
            return true;
        var read = new List<Guid>();
        foreach (var piece in text.Split(','))
        {
            if (!Guid.TryParse(piece, out var id) || read.Count == MostMessages)
                return false;
            read.Add(id);
        }

        ids = read;
        return true;
    }
}

/// <summary>Chooses the writer of a format and what the file is called. All but PDF go out while they are read.</summary>
internal sealed class ExportWriter(ExportSource source, MarkdownExport markdown, JsonExport json, CsvExport csv, HtmlExport html, PdfPrinter printer)
{
    /// <param name="one">The one conversation, when there is only one.</param>
    public async Task<Results<PushStreamHttpResult, FileStreamHttpResult, ProblemHttpResult>> WriteAsync(
        string format, UserId owner, IReadOnlyList<Guid> ids, ExportedTalk? one, ExportChoice choice, CancellationToken cancel)
    {
        var name = one is null ? "jeantrail-chat" : ExportWords.FileName(one.Conversation.Title);
        switch (format)
        {
            case "json":
                return TypedResults.Stream(to => json.WriteAsync(to, owner, ids, choice, cancel), choice.Files ? "application/zip" : "application/json", $"{name}.{(choice.Files ? "zip" : "json")}");
            case "csv":
                return TypedResults.Stream(to => csv.WriteAsync(to, owner, ids, choice, cancel), "text/csv; charset=utf-8", $"{name}.csv");
            case "markdown" when one is not null && !choice.Files:
                return TypedResults.Stream(to => markdown.WriteOneAsync(to, owner, one, choice, cancel), "text/markdown; charset=utf-8", $"{name}.md");
            case "markdown":
                return TypedResults.Stream(to => markdown.WriteArchiveAsync(to, owner, ids, choice, cancel), "application/zip", $"{name}.zip");
        }

        if (await source.CountAsync(owner, ids, one, cancel) > HtmlExport.MaxMessages)
            return ChatErrors.PdfTooLong.ToProblem();
        var printed = await printer.PrintAsync(page => html.WriteAsync(page, owner, ids, choice, cancel), cancel);
        return printed.TryGet(out var pdf, out var error) ? TypedResults.Stream(pdf, "application/pdf", $"{name}.pdf") : error.ToProblem();
    }
}
