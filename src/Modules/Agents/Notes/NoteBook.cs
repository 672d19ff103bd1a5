using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;

namespace JeanTrail.Agents.Notes;

internal sealed record Note(Guid Id, string Text, DateTimeOffset CreatedAt);

/// <summary>The notes of each person. Used by the skills and by the endpoints.</summary>
internal sealed class NoteBook(Db db, TimeProvider clock)
{
    public const int MaxLength = 10_000;

    /// <summary>How many of the newest notes a search looks at.</summary>
    public const int SearchDepth = 2000;

    internal const string AddSql = "insert into agents.note (note_id, user_id, text, created_at) values (@Id, @User, @Text, @Now)";

    internal const string ListSql = """
        select note_id as id, text, created_at from agents.note
        where user_id = @User and (@At::timestamptz is null or (created_at, note_id) < (@At, @Before))
        order by created_at desc, note_id desc limit @Take
        """;

    internal const string CountSql = "select count(*)::int from agents.note where user_id = @User";

    internal const string DeleteSql = "delete from agents.note where note_id = @Id and user_id = @User";

    public async Task<Note> AddAsync(UserId user, string text, CancellationToken cancel)
    {
        var note = new Note(Ids.New(clock), text, clock.GetUtcNow());
        await db.ExecuteAsync(AddSql, new { note.Id, User = user, note.Text, Now = note.CreatedAt }, cancel);
        return note;
    }

    /// <summary>Newest first, those before the given place.</summary>
    public Task<IReadOnlyList<Note>> ListAsync(UserId user, int take, CancellationToken cancel, DateTimeOffset? at = null, Guid? before = null)
        => db.QueryAsync<Note>(ListSql, new { User = user, At = at, Before = before, Take = take }, cancel);

    public Task<int> CountAsync(UserId user, CancellationToken cancel) => db.FindAsync<int>(CountSql, new { User = user }, cancel);

    /// <summary>False when there is no such note, or it is someone else's.</summary>
    public async Task<bool> DeleteAsync(UserId user, Guid id, CancellationToken cancel)
        => await db.ExecuteAsync(DeleteSql, new { Id = id, User = user }, cancel) == 1;
}
