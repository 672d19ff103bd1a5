using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Npgsql;

namespace JeanTrail.Kernel.Tests.Audit;

public sealed class AuditTrailTests : IAsyncLifetime
{
    readonly FakeClock clock = new();
    TestDatabase database = null!;
    AuditTrail trail = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        trail = new AuditTrail(database.Db, new AuditAnchorFile(Path.Combine(Path.GetTempPath(), $"no-anchors-{Ids.New(clock)}")), clock);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task An_empty_record_holds() => (await trail.VerifyAsync(default)).ShouldBe(new AuditVerdict(0, null));

    [Fact]
    public async Task Writers_at_the_same_time_make_one_chain_without_gaps()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
                await WriteAsync(writer, i);
        }));

        (await trail.VerifyAsync(default)).ShouldBe(new AuditVerdict(80, null));
        (await database.Db.QueryAsync<long>("select position from kernel.audit order by position", null, default)).ShouldBe(Enumerable.Range(1, 80).Select(n => (long)n));
    }

    [Fact]
    public async Task A_long_record_is_walked_to_its_end()
    {
        await database.Db.InTransactionAsync(
            async tx =>
            {
                for (var i = 0; i < AuditTrail.BatchSize + 3; i++)
                    await trail.WriteAsync(tx, Entry(0, i), default);
            },
            default);

        (await trail.VerifyAsync(default)).ShouldBe(new AuditVerdict(AuditTrail.BatchSize + 3, null));
    }

    [Fact]
    public async Task An_act_that_was_rolled_back_is_not_on_the_record_and_leaves_no_gap()
    {
        await WriteAsync(0, 1);
        await Should.ThrowAsync<InvalidOperationException>(() => database.Db.InTransactionAsync(
            async Task (tx) =>
            {
                await trail.WriteAsync(tx, Entry(0, 2), default);
                throw new InvalidOperationException("rolled back");
            },
            default));
        await WriteAsync(0, 3);

        (await trail.VerifyAsync(default)).ShouldBe(new AuditVerdict(2, null));
    }

    [Theory]
    [InlineData("update kernel.audit set address = '203.0.113.9'")]
    [InlineData("delete from kernel.audit")]
    [InlineData("truncate kernel.audit")]
    public async Task Nothing_on_the_record_can_be_changed_or_taken_off(string sql)
    {
        await WriteAsync(0, 1);

        (await Should.ThrowAsync<PostgresException>(() => database.Db.ExecuteAsync(sql, null, default))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await trail.VerifyAsync(default)).ShouldBe(new AuditVerdict(1, null));
    }

    [Theory]
    [InlineData("update kernel.audit set actor_id = null where position = 3", 3)]
    [InlineData("update kernel.audit set address = '203.0.113.9' where position = 3", 3)]
    [InlineData("update kernel.audit set at = at + interval '1 microsecond' where position = 1", 1)]
    [InlineData("update kernel.audit set subjects = '{}' where position = 2", 2)]
    [InlineData("update kernel.audit set after = '{\"i\": 3}' where position = 3", 3)]
    [InlineData("update kernel.audit set act = 'accounts.user.restored' where position = 4", 4)]
    [InlineData("delete from kernel.audit where position = 2", 2)]
    [InlineData("delete from kernel.audit where position = 5", 5)]
    [InlineData("delete from kernel.audit", 1)]
    [InlineData("update kernel.audit set position = position + 100 where position = 5", 5)]
    [InlineData("update kernel.audit_head set position = 4, hash = (select hash from kernel.audit where position = 4)", 5)]
    [InlineData("update kernel.audit_head set hash = decode(repeat('11', 32), 'hex')", 6)]
    public async Task Whoever_gets_around_that_is_found_at_the_first_entry_that_does_not_hold(string tampering, long broken)
    {
        for (var i = 1; i <= 5; i++)
            await WriteAsync(0, i);
        await database.Db.ExecuteAsync($"alter table kernel.audit disable trigger audit_append_only; {tampering}; alter table kernel.audit enable trigger audit_append_only", null, default);

        (await trail.VerifyAsync(default)).FirstBroken.ShouldBe(broken);
    }

    [Fact]
    public void Before_and_after_are_written_in_the_order_of_their_names()
        => AuditChain.Canonical(new { Role = "free", Again = new { B = 2, A = true } }).ShouldBe("""{"again":{"a":true,"b":2},"role":"free"}""");

    Task WriteAsync(int writer, int number) => database.Db.InTransactionAsync(tx => trail.WriteAsync(tx, Entry(writer, number), default), default);

    AuditEntry Entry(int writer, int number)
        => new(AuditAct.UserSuspended, Ids.New<UserId>(clock), null, Ids.New(clock), "192.0.2.17", [Ids.New(clock)], null, new { Writer = writer, I = number });
}
