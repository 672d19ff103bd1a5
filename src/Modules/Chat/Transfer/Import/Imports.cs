using System.ComponentModel.DataAnnotations;
using JeanTrail.Chat.Messages;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>Begins an import with an upload, tells how it stands, and cancels it. What was taken by then stays.</summary>
internal static class Imports
{
    /// <summary>An import of conversations from a file.</summary>
    /// <param name="Source"><c>jeantrail chatgpt open-webui librechat</c>, or null while it is not known.</param>
    /// <param name="State"><c>queued running succeeded failed cancelled</c>.</param>
    /// <param name="Progress">0 to 1.</param>
    /// <param name="ErrorDetail">Why it failed.</param>
    internal sealed record Import(
        Guid Id, string FileName, long SizeBytes, string? Source, string State, double Progress, ImportReport Report, string? ErrorCode, string? ErrorDetail,
        DateTimeOffset CreatedAt, DateTimeOffset? EndedAt)
    {
        internal static Import Example { get; } = new(
            new Guid("019cebb1-0c2e-7b49-a6d0-52f1783e9c60"), "conversations.json", 52_428_800, "chatgpt", "running", 0.42, ImportReport.Example, null, null, ExampleTalk.AnsweredAt, null);
    }

    const string InsertSql = """
        insert into chat.import (import_id, owner_id, file_name, size_bytes, blob, job_id, created_at)
        values (@Id, @Owner, @FileName, @SizeBytes, @Blob, @Job, @Now)
        """;

    const string Select = """
        select import_id as id, file_name, size_bytes, source, state, report::text as report, error_code, error_detail, created_at, ended_at, job_id
        from chat.import
        """;

    const string OneSql = Select + " where import_id = @Id and owner_id = @Owner";
    const string OpenSql = Select + " where owner_id = @Owner and state in ('queued', 'running')";

    const string PageSql = Select + """
         where owner_id = @Owner and (@Before::timestamptz is null or (created_at, import_id) < (@Before, @BeforeId))
        order by created_at desc, import_id desc limit @Take
        """;

    const string CancelSql = """
        with open as (select import_id, blob from chat.import where import_id = @Id and owner_id = @Owner and state in ('queued', 'running') for update)
        update chat.import i set state = 'cancelled', ended_at = @Now, blob = null from open where i.import_id = open.import_id returning open.blob
        """;

    const string SettleSql = """
        update chat.import set state = 'failed', error_code = @Code, error_detail = @Detail, ended_at = @Now
        where import_id = @Id and state in ('queued', 'running')
        """;

    internal static void Map(RouteGroupBuilder routes, ChatOptions options)
    {
        routes.MapPost("/imports", HandleStart).WithBodyLimit(options.MaxImportBytes).AcceptGzip(routes, "/imports", "Chat_ImportEncodings")
            .WithName("Chat_StartImport").WithSummary("Import conversations from an export of JeanTrail, ChatGPT, Open WebUI or LibreChat: the file itself as the body")
            .Accepts<Stream>("application/octet-stream").WithExample(response: Import.Example);
        routes.MapGet("/imports", HandleList).WithName("Chat_ListImports").WithSummary("The imports, newest first")
            .WithExample(response: Page.Whole<Import>([Import.Example]));
        routes.MapGet("/imports/{id:guid}", HandleGet).WithName("Chat_GetImport").WithSummary("How an import stands")
            .WithExample(response: Import.Example);
        routes.MapPost("/imports/{id:guid}/cancel", HandleCancel).WithName("Chat_CancelImport").WithSummary("Cancel an import; what was taken stays");
    }

    static async Task<Results<Accepted<Import>, ProblemHttpResult>> HandleStart(
        HttpRequest request, Caller caller, Db db, IJobs jobs, ImportUpload uploads, IOptions<ChatOptions> options, TimeProvider clock, CancellationToken cancel,
        [StringLength(200)] string name = "export.json")
    {
        foreach (var open in await db.QueryAsync<Row>(OpenSql, new { Owner = caller.UserId }, cancel))
        {
            if (await StatusAsync(open, caller, db, jobs, clock, cancel) is { State: "queued" or "running" })
                return ChatErrors.ImportRunning.ToProblem();
        }

        var id = Ids.New(clock);
        var put = await uploads.PutAsync(id, request.Body, options.Value.MaxImportBytes, cancel);
        if (!put.TryGet(out var blob, out var error))
            return error.ToProblem();
        if (blob.SizeBytes == 0)
        {
            await uploads.DeleteAsync(blob.Hash.ToString(), cancel);
            return ChatErrors.ImportEmpty.ToProblem();
        }

        var now = clock.GetUtcNow();
        var fileName = name.Replace("\0", "", StringComparison.Ordinal);
        await db.InTransactionAsync(async tx =>
        {
            var job = await jobs.EnqueueAsync(tx, new JobRequest<ImportArguments>(ImportJob.Kind, new ImportArguments(id, caller.UserId), caller.UserId), cancel);
            await tx.ExecuteAsync(InsertSql, new { Id = id, Owner = caller.UserId, FileName = fileName, blob.SizeBytes, Blob = blob.Hash.ToString(), Job = job, Now = now }, cancel);
        }, cancel);
        return TypedResults.Accepted(
            $"/api/chat/imports/{id}", new Import(id, fileName, blob.SizeBytes, null, "queued", 0, ImportReport.Nothing, null, null, now, null));
    }

    static async Task<Ok<Page<Import>>> HandleList(Caller caller, Db db, IJobs jobs, TimeProvider clock, PageRequest page, CancellationToken cancel)
    {
        var rows = await db.QueryAsync<Row>(PageSql, new { Owner = caller.UserId, Before = page.At, BeforeId = page.Id, page.Take }, cancel);
        var imports = new Dictionary<Guid, Import>();
        foreach (var row in rows)
            imports[row.Id] = await StatusAsync(row, caller, db, jobs, clock, cancel);
        return TypedResults.Ok(Page.From(rows, page, row => (row.CreatedAt, row.Id), row => imports[row.Id]));
    }

    static async Task<Results<Ok<Import>, ProblemHttpResult>> HandleGet(Guid id, Caller caller, Db db, IJobs jobs, TimeProvider clock, CancellationToken cancel)
        => await db.FindAsync<Row>(OneSql, new { Id = id, Owner = caller.UserId }, cancel) is { } row
            ? TypedResults.Ok(await StatusAsync(row, caller, db, jobs, clock, cancel))
            : ChatErrors.ImportNotFound.ToProblem();

    static async Task<Results<NoContent, ProblemHttpResult>> HandleCancel(
        Guid id, Caller caller, Db db, IJobs jobs, ImportUpload uploads, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.FindAsync<Row>(OneSql, new { Id = id, Owner = caller.UserId }, cancel) is not { } row)
            return ChatErrors.ImportNotFound.ToProblem();
        var blob = await db.FindAsync<string?>(CancelSql, new { Id = id, Owner = caller.UserId, Now = clock.GetUtcNow() }, cancel);
        if (row.JobId is { } job)
            await jobs.CancelAsync(job, caller.UserId, cancel);
        await uploads.DeleteAsync(blob, cancel);
        return TypedResults.NoContent();
    }

    /// <summary>The row, with what only its job knows. One whose job was given up is closed here.</summary>
    static async Task<Import> StatusAsync(Row row, Caller caller, Db db, IJobs jobs, TimeProvider clock, CancellationToken cancel)
    {
        if (row.State is not ("queued" or "running"))
            return row.ToImport(row.State == "succeeded" ? 1 : 0);
        var job = row.JobId is { } id ? await jobs.FindAsync(id, caller.UserId, cancel) : null;
        if (job is { State: "queued" or "running" })
            return row.ToImport(job.Progress);
        // It may have ended between the two questions.
        await db.ExecuteAsync(SettleSql, new { row.Id, ChatErrors.ImportBroken.Code, ChatErrors.ImportBroken.Detail, Now = clock.GetUtcNow() }, cancel);
        var settled = (await db.FindAsync<Row>(OneSql, new { row.Id, Owner = caller.UserId }, cancel))!;
        return settled.ToImport(settled.State == "succeeded" ? 1 : 0);
    }

    sealed record Row(
        Guid Id, string FileName, long SizeBytes, string? Source, string State, string Report, string? ErrorCode, string? ErrorDetail,
        DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, Guid? JobId)
    {
        public Import ToImport(double progress) => new(
            Id, FileName, SizeBytes, Source, State, progress, Report == "{}" ? ImportReport.Nothing : ChatJson.Read<ImportReport>(Report)!, ErrorCode, ErrorDetail, CreatedAt, EndedAt);
    }
}
