using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Npgsql;

namespace JeanTrail.Kernel.Tests.Data;

public sealed class DbTests(DbTests.NotesDatabase database) : IClassFixture<DbTests.NotesDatabase>
{
    static readonly FakeClock Clock = new();

    Db Db => database.Db;

    [Fact]
    public async Task A_row_comes_back_as_it_went_in()
    {
        var note = new Note(Ids.New(Clock), Ids.New<UserId>(Clock), "Жан, 你好, مرحبا", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(7)), null);

        (await InsertAsync(Db, note)).ShouldBe(1);

        var read = await Db.FindAsync<Note>("select note_id, owner_id, body, created_at, read_at from notes.note where note_id = @NoteId", new { note.NoteId }, default);
        read.ShouldNotBeNull().ShouldBe(note with { CreatedAt = note.CreatedAt.ToUniversalTime() });
        read.CreatedAt.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_time_that_may_be_missing_goes_in_and_out_in_any_offset()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-8));

        (await Db.FindAsync<DateTimeOffset?>("select @at::timestamptz", new { at = (DateTimeOffset?)at }, default)).ShouldBe(at);
        (await Db.FindAsync<DateTimeOffset?>("select @at::timestamptz", new { at = (DateTimeOffset?)null }, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_typed_id_that_may_be_missing_goes_in_and_out()
    {
        var owner = Ids.New<UserId>(Clock);

        (await Db.FindAsync<UserId?>("select @owner::uuid", new { owner = (UserId?)owner }, default)).ShouldBe(owner);
        (await Db.FindAsync<UserId?>("select @owner::uuid", new { owner = (UserId?)null }, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_missing_row_is_null_and_a_second_row_is_a_bug()
    {
        (await Db.FindAsync<string>("select body from notes.note where note_id = @id", new { id = Ids.New(Clock) }, default)).ShouldBeNull();

        await Should.ThrowAsync<InvalidOperationException>(() => Db.FindAsync<int>("select * from generate_series(1, 2)", null, default));
    }

    [Fact]
    public async Task A_transaction_commits_when_its_work_returns()
    {
        var (one, other) = (NewNote(), NewNote());

        var rows = await Db.InTransactionAsync(async tx => await InsertAsync(tx, one) + await InsertAsync(tx, other), default);

        rows.ShouldBe(2);
        (await CountAsync(one, other)).ShouldBe(2);
    }

    [Fact]
    public async Task A_transaction_rolls_back_when_its_work_throws()
    {
        var note = NewNote();

        await Should.ThrowAsync<TimeZoneNotFoundException>(() => Db.InTransactionAsync(async tx =>
        {
            await InsertAsync(tx, note);
            (await tx.FindAsync<long>("select count(*) from notes.note where note_id = @NoteId", new { note.NoteId }, default)).ShouldBe(1);
            throw new TimeZoneNotFoundException();
        }, default));

        (await CountAsync(note)).ShouldBe(0);
    }

    [Fact]
    public async Task An_unfinished_transaction_is_invisible_to_others()
    {
        var note = NewNote();

        await Db.InTransactionAsync(async tx =>
        {
            await InsertAsync(tx, note);
            (await CountAsync(note)).ShouldBe(0);
        }, default);

        (await CountAsync(note)).ShouldBe(1);
    }

    [Fact]
    public async Task Cancelling_ends_the_statement_on_the_server()
    {
        using var cancel = new CancellationTokenSource();
        var sleeping = Db.ExecuteAsync("select pg_sleep(600) /* cancel me */", null, cancel.Token);
        await Eventually.BeTrueAsync(async () => await SleepersAsync() == 1, "the statement runs");

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sleeping);
        await Eventually.BeTrueAsync(async () => await SleepersAsync() == 0, "the statement ended");
    }

    [Fact]
    public async Task A_unique_violation_names_its_constraint()
    {
        var note = NewNote();
        await InsertAsync(Db, note);

        var failure = await Should.ThrowAsync<PostgresException>(() => InsertAsync(Db, note));

        failure.SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        failure.ConstraintName.ShouldBe("note_pkey");
    }

    static Note NewNote() => new(Ids.New(Clock), Ids.New<UserId>(Clock), "text", Clock.GetUtcNow(), null);

    static Task<int> InsertAsync(IDbSession session, Note note)
        => session.ExecuteAsync("insert into notes.note (note_id, owner_id, body, created_at, read_at) values (@NoteId, @OwnerId, @Body, @CreatedAt, @ReadAt)", note, default);

    Task<long> CountAsync(params Note[] notes)
        => Db.FindAsync<long>("select count(*) from notes.note where note_id = any(@ids)", new { ids = notes.Select(note => note.NoteId).ToArray() }, default);

    Task<long> SleepersAsync()
        => Db.FindAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query like '%cancel me%' and state = 'active'", null, default);

    internal sealed record Note(Guid NoteId, UserId OwnerId, string Body, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt);

    public sealed class NotesDatabase() : DatabaseFixture(ScriptedMigrations.Source("notes",
        ("20260101_01_note", "create table notes.note (note_id uuid primary key, owner_id uuid not null, body text not null, created_at timestamptz not null, read_at timestamptz);")));
}
