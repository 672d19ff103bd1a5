using System.Text.Json;
using System.Text.RegularExpressions;
using JeanTrail.Chat.Messages;
using JeanTrail.Contracts.Chat;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Kernel.Texts;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Chat.Transfer.Import;

internal sealed record ImportArguments(Guid Import, UserId Owner);

/// <summary>
/// Takes an upload in, a conversation at a time. Where it stands is written with each of them: after a crash it goes on behind the last one,
/// and ids made of the source see to it that nothing comes twice. It works in its person's scope: what a file says reaches nobody else's rows.
/// </summary>
internal sealed class ImportJob(
    Db db, ImportUpload uploads, ImportWriter writer, IRealtime realtime, IOptions<ChatOptions> options, TimeProvider clock) : IJobHandler<ImportArguments>
{
    const string FindSql = """
        select import_id as id, blob, source, position, report::text as report from chat.import
        where import_id = @Import and owner_id = @Owner and state in ('queued', 'running') and blob is not null
        """;

    const string EndSql = """
        update chat.import set state = @State, error_code = @Code, error_detail = @Detail, ended_at = @Now, blob = null
        where import_id = @Import and state in ('queued', 'running')
        """;

    public static string Kind => "chat.import";

    public async Task RunAsync(ImportArguments arguments, JobContext context, CancellationToken cancel)
    {
        using var scope = RowScope.Of(arguments.Owner);
        if (await db.FindAsync<Row>(FindSql, arguments, cancel) is not { } row)
            return;
        Error? fault = null;
        string? detail = null;
        try
        {
            if (await uploads.OpenAsync(row.Blob, cancel) is not { } upload)
                fault = ChatErrors.ImportBroken;
            else
            {
                var report = await ReadAsync(row, upload, arguments.Owner, context, cancel);
                if (report is { Taken: 0, Grown: 0, Already: 0 } && report.SkippedItems.All(item => item.Reason == "unknown-shape"))
                    fault = ChatErrors.ImportUnknown;
            }
        }
        catch (Exception failure) when (failure is JsonItemsException or InvalidDataException)
        {
            (fault, detail) = (ChatErrors.ImportBroken, failure.Message);
        }

        await db.ExecuteAsync(EndSql, new
        {
            arguments.Import,
            State = fault is null ? "succeeded" : "failed",
            fault?.Code,
            Detail = detail ?? fault?.Detail,
            Now = clock.GetUtcNow(),
        }, cancel);
        await uploads.DeleteAsync(row.Blob, cancel);
        // Of no conversation in particular: the lists are to be read again.
        await realtime.ConversationChangedAsync(arguments.Owner, new ConversationId(arguments.Import), cancel);
        if (fault is not null)
            throw new JobFailedException(fault);
    }

    async Task<ImportReport> ReadAsync(Row row, Stream upload, UserId owner, JobContext context, CancellationToken cancel)
    {
        var report = row.Position == 0 ? ImportReport.Nothing : ChatJson.Read<ImportReport>(row.Report)!;
        var source = row.Source;
        await using var archive = await ImportArchive.OpenAsync(upload, cancel);
        var total = Math.Max(1, archive.TotalBytes);
        long position = 0, before = 0;
        await foreach (var document in archive.DocumentsAsync(cancel))
        {
            var items = new JsonItems(document, options.Value.MaxImportedConversationBytes);
            await foreach (var item in items.ReadAsync(cancel))
            {
                using var _ = item.Document;
                if (++position <= row.Position)
                    continue;
                source = SourceOf(item) ?? source;
                var place = new ImportPlace(row.Id, source, position);
                report = await TakeAsync(item, owner, place, report, archive, cancel);
                await context.ReportAsync(Math.Min(1.0, (double)(before + items.Position) / total), null, cancel);
            }

            before += items.Position;
        }

        return report;
    }

    async Task<ImportReport> TakeAsync(JsonItem item, UserId owner, ImportPlace place, ImportReport report, ImportArchive archive, CancellationToken cancel)
    {
        var title = "";
        try
        {
            if (item.Document is not { RootElement: var root })
                throw new NotTakenException("too-large");
            title = TitleOf(root);
            var talk = SourceOf(item) switch
            {
                "jeantrail" => OwnFormat.Read(root),
                "chatgpt" => ChatGptFormat.Read(root),
                "open-webui" => OpenWebUiFormat.Read(root),
                "librechat" => LibreChatFormat.Read(root),
                _ => throw new NotTakenException("unknown-shape"),
            };
            return await writer.WriteAsync(talk, owner, place, report, archive, cancel);
        }
        catch (NotTakenException no)
        {
            return await writer.NoteAsync(place, report.Skip(title, no.Reason), cancel);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or RegexMatchTimeoutException || IsOfItsData(failure))
        {
            return await writer.NoteAsync(place, report.Skip(title, "malformed"), cancel);
        }
    }

    /// <summary>Whether the database refused what it was given: class 22, data exception, and 23, integrity.</summary>
    static bool IsOfItsData(Exception failure)
        => failure is PostgresException { SqlState: var state } && (state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal));

    static string? SourceOf(JsonItem item)
        => item.Document is not { RootElement: var root } ? null
            : item.Shape == JsonShape.Own ? "jeantrail"
            : ChatGptFormat.Is(root) ? "chatgpt"
            : OpenWebUiFormat.Is(root) ? "open-webui"
            : LibreChatFormat.Is(root) ? "librechat"
            : null;

    static string TitleOf(JsonElement root) => (root.Text("title") ?? "").Cut(120);

    sealed record Row(Guid Id, string Blob, string? Source, long Position, string Report);
}
