using JeanTrail.Chat.Messages;
using JeanTrail.Chat.Turns;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Texts;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>Where the import stands after a conversation, written with it: what is taken up again neither repeats nor misses one.</summary>
/// <param name="Source">Null while it is not known.</param>
internal sealed record ImportPlace(Guid Import, string? Source, long Position);

/// <summary>Takes one conversation in, in one transaction.</summary>
internal sealed class ImportWriter(Db db, ImportFiles files, IQuotas quotas, TimeProvider clock)
{
    const int LongestTitle = 200;

    const string FindSql = "select deleted_at is not null as deleted from chat.conversation where conversation_id = @Id and owner_id = @Owner";

    // Our own export read in where it was written.
    const string OriginalSql = "select true from chat.conversation where conversation_id = @Id and owner_id = @Owner and deleted_at is null";

    const string ProjectSql = "select project_id from chat.project where owner_id = @Owner and workspace_id is null and name = @Name order by created_at limit 1";
    const string NewProjectSql = """
        insert into chat.project (project_id, owner_id, name, instructions, created_at, updated_at) values (@Id, @Owner, @Name, @Instructions, @Now, @Now)
        """;

    const string ConversationSql = """
        insert into chat.conversation (conversation_id, owner_id, title, title_source, model_id, created_at, updated_at, archived_at, instructions, parameters, tags, category, project_id)
        values (@Id, @Owner, @Title, @TitleSource, @ModelId, @CreatedAt, @UpdatedAt, @ArchivedAt, @Instructions, @Parameters::jsonb, @Tags::text[], @Category, @Project)
        on conflict (conversation_id) do update set deleted_at = null, updated_at = greatest(conversation.updated_at, excluded.updated_at)
        """;

    const string MessagesSql = """
        insert into chat.message (message_id, conversation_id, parent_id, role, text, language, model_id, status, error, actions, citations, created_at)
        select n.id, @Conversation, n.parent, n.role, n.text, n.language, n.model, n.status, n.error::jsonb, n.actions::jsonb, n.citations::jsonb, n.at
        from unnest(@Ids::uuid[], @Parents::uuid[], @Roles::text[], @Texts::text[], @Languages::text[], @Models::text[], @Statuses::text[], @Errors::text[],
            @Actions::text[], @Citations::text[], @Times::timestamptz[]) as n (id, parent, role, text, language, model, status, error, actions, citations, at)
        on conflict (message_id) do nothing
        returning message_id
        """;

    const string HeadSql = "update chat.conversation set head_message_id = @Head where conversation_id = @Id";

    const string MarksSql = """
        insert into chat.mark (mark_id, message_id, owner_id, kind, value, reason, words, range_start, range_end, created_at, updated_at)
        select n.id, n.message, @Owner, n.kind, n.value, n.reason, n.words, n.start, n."end", n.at, n.at
        from unnest(@Ids::uuid[], @Messages::uuid[], @Kinds::text[], @Values::text[], @Reasons::text[], @Words::text[], @Starts::int[], @Ends::int[], @Times::timestamptz[])
            as n (id, message, kind, value, reason, words, start, "end", at)
        on conflict do nothing
        """;

    internal const string PlaceSql = """
        update chat.import set position = @Position, source = coalesce(@Source, source), report = @Report::jsonb, state = 'running'
        where import_id = @Import and state in ('queued', 'running')
        """;

    /// <param name="report">The report so far; the new one is written with the conversation.</param>
    /// <exception cref="NotTakenException">It cannot be taken; nothing was written.</exception>
    public async Task<ImportReport> WriteAsync(ImportedTalk talk, UserId owner, ImportPlace place, ImportReport report, ImportArchive? archive, CancellationToken cancel)
    {
        var ids = new ImportIds(owner, place.Source ?? "");
        var now = clock.GetUtcNow();
        var createdAt = talk.CreatedAt ?? talk.Messages.Min(message => message.CreatedAt) ?? now;
        var id = ids.Make(talk.CreatedAt, 0, "conversation", talk.SourceId);
        var placed = ImportTree.Place(talk, createdAt, ids);
        if (placed.Count == 0)
            throw new NotTakenException("empty");
        if (place.Source == "jeantrail" && Guid.TryParse(talk.SourceId, out var original) && await db.FindAsync<bool?>(OriginalSql, new { Id = original, Owner = owner }, cancel) is true)
            return await NoteAsync(place, report.Add(new WrittenTalk(TalkOutcome.Already, 0, 0, talk.LeftOut)), cancel);

        // Files go to the disk before the transaction: it holds no locks while they are copied.
        var stored = await files.StoreAsync(placed, ids, talk, archive, owner, cancel);
        return await db.InTransactionAsync(async tx =>
        {
            var before = await tx.FindAsync<bool?>(FindSql, new { Id = id, Owner = owner }, cancel);
            await tx.ExecuteAsync(ConversationSql, new
            {
                Id = id,
                Owner = owner,
                Title = TitleOf(talk, placed),
                TitleSource = talk.TitleIsManual ? "manual" : "auto",
                ModelId = talk.ModelId?.Cut(200),
                CreatedAt = createdAt,
                UpdatedAt = talk.UpdatedAt ?? placed.Max(message => message.CreatedAt),
                talk.ArchivedAt,
                talk.Instructions,
                talk.Parameters,
                Tags = talk.Tags.ToArray(),
                talk.Category,
                Project = talk.Project is { } project ? await ProjectAsync(tx, project, owner, cancel) : (Guid?)null,
            }, cancel);
            var fresh = (await tx.QueryAsync<Guid>(MessagesSql, Columns(id, placed), cancel)).ToHashSet();
            if (fresh.Count > 0)
                await tx.ExecuteAsync(HeadSql, new { Id = id, Head = ImportTree.Head(talk, placed) }, cancel);
            var taken = await files.WriteAsync(tx, [.. placed.Where(message => fresh.Contains(message.Id))], stored, owner, quotas, talk, cancel);
            await WriteMarksAsync(tx, [.. placed.Where(message => fresh.Contains(message.Id))], ids, owner, cancel);
            var outcome = before is null ? TalkOutcome.Taken : before is true || fresh.Count > 0 ? TalkOutcome.Grown : TalkOutcome.Already;
            var grown = report.Add(new WrittenTalk(outcome, fresh.Count, taken, talk.LeftOut));
            await NoteAsync(tx, place, grown, cancel);
            return grown;
        }, cancel);
    }

    /// <summary>Writes how far the import is when there is nothing else to write.</summary>
    public async Task<ImportReport> NoteAsync(ImportPlace place, ImportReport report, CancellationToken cancel)
    {
        await NoteAsync(db, place, report, cancel);
        return report;
    }

    /// <exception cref="OperationCanceledException">The person cancelled the import: what is not committed yet is not to be.</exception>
    static async Task NoteAsync(IDbSession session, ImportPlace place, ImportReport report, CancellationToken cancel)
    {
        if (await session.ExecuteAsync(PlaceSql, new { place.Import, place.Source, place.Position, Report = ChatJson.Write(report) }, cancel) == 0)
            throw new OperationCanceledException("The import was cancelled.");
    }

    static string TitleOf(ImportedTalk talk, List<PlacedMessage> placed)
    {
        var title = string.Join(' ', talk.Title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return title.Length > 0 ? title.Cut(LongestTitle) : TurnSql.TitleFrom(placed.FirstOrDefault(message => message.Message.Role == "user")?.Message.Text ?? "");
    }

    async Task<Guid> ProjectAsync(Tx tx, (string Name, string Instructions) project, UserId owner, CancellationToken cancel)
    {
        var name = project.Name.Cut(120);
        if (await tx.FindAsync<Guid?>(ProjectSql, new { Owner = owner, Name = name }, cancel) is { } known)
            return known;
        var id = Ids.New(clock);
        await tx.ExecuteAsync(NewProjectSql, new { Id = id, Owner = owner, Name = name, project.Instructions, Now = clock.GetUtcNow() }, cancel);
        return id;
    }

    static object Columns(Guid conversation, List<PlacedMessage> placed) => new
    {
        Conversation = conversation,
        Ids = placed.Select(one => one.Id).ToArray(),
        Parents = placed.Select(one => one.Parent).ToArray(),
        Roles = placed.Select(one => one.Message.Role).ToArray(),
        Texts = placed.Select(one => one.Message.Text).ToArray(),
        Languages = placed.Select(one => one.Message.Language?.Cut(35)).ToArray(),
        Models = placed.Select(one => one.Message.ModelId?.Cut(200)).ToArray(),
        Statuses = placed.Select(one => one.Message.Status).ToArray(),
        Errors = placed.Select(one => one.Message.Error).ToArray(),
        Actions = placed.Select(one => one.Message.Actions).ToArray(),
        Citations = placed.Select(one => one.Message.Citations).ToArray(),
        Times = placed.Select(one => one.CreatedAt.UtcDateTime).ToArray(),
    };

    static async Task WriteMarksAsync(Tx tx, List<PlacedMessage> fresh, ImportIds ids, UserId owner, CancellationToken cancel)
    {
        var marks = fresh.SelectMany(one => one.Message.Marks.Take(Marks.MarkRules.MaxPerMessage)
            .Select((mark, i) => (Id: ids.Make(mark.CreatedAt ?? one.CreatedAt, i, "mark", one.Id.ToString(), $"{i}"), Message: one.Id, At: mark.CreatedAt ?? one.CreatedAt, Mark: mark))).ToArray();
        if (marks.Length == 0)
            return;
        await tx.ExecuteAsync(MarksSql, new
        {
            Owner = owner,
            Ids = marks.Select(one => one.Id).ToArray(),
            Messages = marks.Select(one => one.Message).ToArray(),
            Kinds = marks.Select(one => one.Mark.Kind).ToArray(),
            Values = marks.Select(one => one.Mark.Value).ToArray(),
            Reasons = marks.Select(one => one.Mark.Reason).ToArray(),
            Words = marks.Select(one => one.Mark.Words).ToArray(),
            Starts = marks.Select(one => one.Mark.Start).ToArray(),
            Ends = marks.Select(one => one.Mark.End).ToArray(),
            Times = marks.Select(one => one.At.UtcDateTime).ToArray(),
        }, cancel);
    }
}
