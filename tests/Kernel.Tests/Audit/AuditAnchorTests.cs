using JeanTrail.Kernel.Audit;
using JeanTrail.Kernel.Identity;
using JeanTrail.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Tests.Audit;

/// <summary>The head of the record, written down outside of the database, against whoever owns the database.</summary>
public sealed class AuditAnchorTests : IAsyncLifetime
{
    readonly FakeClock clock = new();
    readonly LogCollector logs = new();
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("jt-anchors-");
    TestDatabase database = null!;
    AuditAnchorFile file = null!;
    AuditTrail trail = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        file = new AuditAnchorFile(Path.Combine(folder.FullName, "elsewhere", "anchors.log"));
        trail = new AuditTrail(database.Db, file, clock);
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_written_down_and_is_still_there_agrees()
    {
        using var anchoring = NewAnchoring();
        await ActAsync(3);
        await anchoring.WriteAsync(default);
        await anchoring.WriteAsync(default);
        await ActAsync(2);
        await anchoring.WriteAsync(default);
        await ActAsync(4);

        file.Read().Select(anchor => anchor.Position).ShouldBe([3, 5], "nothing new is nothing to write");
        var verdict = await trail.VerifyAsync(default);
        (verdict.Checked, verdict.Holds, verdict.AgreesTo?.Position).ShouldBe((9, true, 5));
        Say(verdict).ShouldContain("up to entry 5");
    }

    [Fact]
    public async Task A_record_whose_end_was_cut_off_is_whole_by_itself_and_is_found_by_what_was_written_down()
    {
        await AnchoredAsync(3, 6, 9);
        await MeddleAsync("delete from kernel.audit where position > 4; update kernel.audit_head set position = 4, hash = (select hash from kernel.audit where position = 4)");

        var verdict = await trail.VerifyAsync(default);

        (verdict.Checked, verdict.FirstBroken).ShouldBe((4, null));
        (verdict.Holds, verdict.AgreesTo?.Position, verdict.PartsAt?.Position).ShouldBe((false, 3, 6));
        Say(verdict).ShouldContain("CUT: entry 6");
        Say(verdict).ShouldContain("The last that is there is 4.");
    }

    [Theory]
    [InlineData(2, null, 3)]
    [InlineData(3, null, 3)]
    [InlineData(4, 3, 6)]
    [InlineData(8, 6, 9)]
    public async Task A_record_that_was_changed_and_computed_anew_is_found_by_what_was_written_down(long changed, int? agreesTo, long partsAt)
    {
        await AnchoredAsync(3, 6, 9);
        await MeddleAsync($"update kernel.audit set address = '203.0.113.9' where position = {changed}");
        await ComputeAnewAsync();

        var verdict = await trail.VerifyAsync(default);

        verdict.FirstBroken.ShouldBeNull("the chain itself is perfect");
        (verdict.Holds, verdict.AgreesTo?.Position, verdict.PartsAt?.Position).ShouldBe((false, (long?)agreesTo, partsAt));
        Say(verdict).ShouldContain($"The first that was changed is one of {(agreesTo ?? 0) + 1} to {partsAt}.");
    }

    [Fact]
    public async Task A_record_that_was_cut_and_has_grown_again_is_found()
    {
        await AnchoredAsync(3, 6);
        await MeddleAsync("delete from kernel.audit where position > 4; update kernel.audit_head set position = 4, hash = (select hash from kernel.audit where position = 4)");
        using var anchoring = NewAnchoring();
        await ActAsync(5);
        await anchoring.WriteAsync(default);

        var verdict = await trail.VerifyAsync(default);

        (verdict.FirstBroken, verdict.AgreesTo?.Position, verdict.PartsAt?.Position).ShouldBe((null, 3L, 6L));
        logs.Entries.ShouldContain(entry => entry.Level == LogLevel.Critical && entry.Message.Contains("entry 6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_record_and_an_emptied_one_are_told_apart()
    {
        (await trail.VerifyAsync(default)).Holds.ShouldBeTrue();
        await AnchoredAsync(2);
        await MeddleAsync("delete from kernel.audit; update kernel.audit_head set position = 0, hash = decode(repeat('00', 32), 'hex')");

        var verdict = await trail.VerifyAsync(default);

        (verdict.Holds, verdict.PartsAt?.Position).ShouldBe((false, 2));
    }

    [Fact]
    public async Task The_head_is_written_down_at_an_interval_and_at_a_stop_and_a_new_start_goes_on()
    {
        using (var anchoring = NewAnchoring())
        {
            await anchoring.StartAsync(default);
            await ActAsync(1);
            await Eventually.BeTrueAsync(() =>
            {
                clock.Advance(TimeSpan.FromMinutes(1));
                return Task.FromResult(file.Read().Count == 1);
            });
            await ActAsync(1);
            await anchoring.StopAsync(default);
        }

        file.Read().Select(anchor => anchor.Position).ShouldBe([1, 2]);
        using var again = NewAnchoring();
        await again.WriteAsync(default);
        await ActAsync(1);
        await again.WriteAsync(default);
        file.Read().Select(anchor => anchor.Position).ShouldBe([1, 2, 3]);
        logs.Entries.ShouldNotContain(entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Lines_that_a_crash_cut_short_or_that_are_not_ours_are_passed_over()
    {
        await AnchoredAsync(2);
        await File.AppendAllTextAsync(file.Path, "# a note\n4 00ff 2026-01-01T00:00:00Z\n3 9f2feb0f");
        await AnchoredAsync(5);

        file.Read().Select(anchor => anchor.Position).ShouldBe([2, 5]);
        (await trail.VerifyAsync(default)).Holds.ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_stops_nothing_and_is_on_the_log()
    {
        Directory.CreateDirectory(file.Path);
        using var anchoring = NewAnchoring();
        await ActAsync(1);
        await anchoring.StartAsync(default);

        await Eventually.BeTrueAsync(() => Task.FromResult(logs.Entries.Any(entry => entry.Level == LogLevel.Error)));

        await anchoring.StopAsync(default);
    }

    /// <summary>Acts until the record has so many entries, and writes the head down.</summary>
    async Task AnchoredAsync(params int[] positions)
    {
        using var anchoring = NewAnchoring();
        foreach (var position in positions)
        {
            await ActAsync(position - (int)await database.Db.FindAsync<long>("select position from kernel.audit_head", null, default));
            await anchoring.WriteAsync(default);
        }
    }

    async Task ActAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var entry = new AuditEntry(AuditAct.UserSuspended, Ids.New<UserId>(clock), null, Ids.New(clock), "192.0.2.17", [Ids.New(clock)], null, new { I = i });
            await database.Db.InTransactionAsync(tx => trail.WriteAsync(tx, entry, default), default);
        }
    }

    Task MeddleAsync(string sql)
        => database.Db.ExecuteAsync($"alter table kernel.audit disable trigger audit_append_only; {sql}; alter table kernel.audit enable trigger audit_append_only", null, default);

    /// <summary>What whoever owns the database can do: every hash, and the head, as if it had always been so.</summary>
    async Task ComputeAnewAsync()
    {
        var previous = AuditChain.Start;
        foreach (var row in await database.Db.QueryAsync<AuditRow>($"select {AuditTrail.Columns} from kernel.audit order by position", null, default))
        {
            var forged = row with { PreviousHash = previous };
            previous = AuditChain.Hash(forged);
            await database.Db.ExecuteAsync(
                "alter table kernel.audit disable trigger audit_append_only; update kernel.audit set previous_hash = @PreviousHash, hash = @Hash where position = @Position; alter table kernel.audit enable trigger audit_append_only",
                new { forged.PreviousHash, Hash = previous, row.Position }, default);
        }

        await database.Db.ExecuteAsync("update kernel.audit_head set hash = @Hash", new { Hash = previous }, default);
    }

    string Say(AuditVerdict verdict) => string.Join('\n', AuditVerification.Say(verdict, file));

    AuditAnchoring NewAnchoring() => new(database.Db, file, Options.Create(new AuditOptions()), clock, logs.CreateLogger<AuditAnchoring>());
}
