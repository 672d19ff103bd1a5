using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Agents.Reminders;

/// <param name="State"><c>scheduled due done</c>.</param>
internal sealed record Reminder(Guid Id, string Text, DateTimeOffset DueAt, string State, DateTimeOffset CreatedAt);

/// <summary>The reminders of each person. Used by the skills, the endpoints and the bell.</summary>
internal sealed class ReminderBook(Db db, TimeProvider clock)
{
    public const int MaxLength = 500;

    const string Columns = "reminder_id as id, text, due_at, state, created_at";

    internal const string AddSql = """
        insert into agents.reminder (reminder_id, user_id, text, language, due_at, created_at)
        values (@Id, @User, @Text, @Language, @DueAt, @Now)
        """;

    internal const string OpenSql = $"select {Columns} from agents.reminder where user_id = @User and state <> 'done' order by due_at, reminder_id limit 500";

    internal const string ListSql = $"""
        select {Columns} from agents.reminder
        where user_id = @User and (@State::text is null or state = @State) and (@At::timestamptz is null or (due_at, reminder_id) > (@At, @After))
        order by due_at, reminder_id limit @Take
        """;

    internal const string DeleteSql = "delete from agents.reminder where reminder_id = any(@Ids) and user_id = @User";

    internal const string DoneSql = "update agents.reminder set state = 'done', done_at = coalesce(done_at, @Now) where reminder_id = @Id and user_id = @User";

    /// <summary>Rows another node is just ringing are skipped; a row is rung once and stays due until the person is done with it.</summary>
    internal const string RingSql = """
        update agents.reminder set state = 'due' where reminder_id in (
            select reminder_id from agents.reminder where state = 'scheduled' and due_at <= @Now
            order by due_at limit 200 for update skip locked)
        returning reminder_id as id, user_id, text
        """;

    public async Task<Reminder> AddAsync(UserId user, string text, string language, DateTimeOffset dueAt, CancellationToken cancel)
    {
        var reminder = new Reminder(Ids.New(clock), text, dueAt, "scheduled", clock.GetUtcNow());
        await db.ExecuteAsync(AddSql, new { reminder.Id, User = user, Text = text, Language = language, DueAt = dueAt, Now = reminder.CreatedAt }, cancel);
        return reminder;
    }

    /// <summary>Scheduled and due ones, the next first; at most 500.</summary>
    public Task<IReadOnlyList<Reminder>> OpenAsync(UserId user, CancellationToken cancel) => db.QueryAsync<Reminder>(OpenSql, new { User = user }, cancel);

    public Task<IReadOnlyList<Reminder>> ListAsync(UserId user, string? state, int take, DateTimeOffset? at, Guid? after, CancellationToken cancel)
        => db.QueryAsync<Reminder>(ListSql, new { User = user, State = state, At = at, After = after, Take = take }, cancel);

    /// <summary>How many of them were deleted: those that exist and belong to the person.</summary>
    public Task<int> DeleteAsync(UserId user, IReadOnlyCollection<Guid> ids, CancellationToken cancel)
        => db.ExecuteAsync(DeleteSql, new { Ids = ids.ToArray(), User = user }, cancel);

    public async Task<bool> DoneAsync(UserId user, Guid id, CancellationToken cancel)
        => await db.ExecuteAsync(DoneSql, new { Id = id, User = user, Now = clock.GetUtcNow() }, cancel) == 1;

    /// <summary>Marks what has come due and returns it.</summary>
    public Task<IReadOnlyList<DueReminder>> RingAsync(CancellationToken cancel) => db.QueryAsync<DueReminder>(RingSql, new { Now = clock.GetUtcNow() }, cancel);
}

internal sealed record DueReminder(Guid Id, UserId UserId, string Text);
