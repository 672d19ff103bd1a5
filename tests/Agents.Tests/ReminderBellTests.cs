using System.Collections.Concurrent;
using JeanTrail.Agents.Reminders;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Realtime;
using JeanTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace JeanTrail.Agents.Tests;

public sealed class AgentsDatabase() : DatabaseFixture(new MigrationSource("agents", typeof(AgentsModule).Assembly));

public sealed class ReminderBellTests(AgentsDatabase database) : IClassFixture<AgentsDatabase>
{
    readonly FakeClock clock = new();

    ReminderBook Book => new(database.Db, clock);

    [Fact]
    public async Task A_reminder_rings_when_its_time_has_come_and_not_before()
    {
        var user = Ids.New<UserId>(clock);
        var reminder = await Book.AddAsync(user, "Tea", "en", clock.GetUtcNow().AddMinutes(5), CancellationToken.None);
        var live = new Live();
        using var bell = new ReminderBell(Book, live, clock, NullLogger<ReminderBell>.Instance);
        await bell.StartAsync(CancellationToken.None);
        await clock.WhenTimersAsync();

        clock.Advance(TimeSpan.FromMinutes(4));
        (await Book.OpenAsync(user, CancellationToken.None)).ShouldHaveSingleItem().State.ShouldBe("scheduled");
        clock.Advance(TimeSpan.FromMinutes(2));

        (await live.NextAsync(user)).ShouldBe(reminder.Id);
        (await Book.OpenAsync(user, CancellationToken.None)).ShouldHaveSingleItem().State.ShouldBe("due");
        await bell.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_came_due_while_the_server_was_down_rings_on_its_return()
    {
        var user = Ids.New<UserId>(clock);
        var reminder = await Book.AddAsync(user, "Tea", "en", clock.GetUtcNow().AddMinutes(1), CancellationToken.None);
        clock.Advance(TimeSpan.FromHours(3));
        var live = new Live();
        using var bell = new ReminderBell(Book, live, clock, NullLogger<ReminderBell>.Instance);

        await bell.StartAsync(CancellationToken.None);

        (await live.NextAsync(user)).ShouldBe(reminder.Id);
        await bell.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Two_nodes_ring_each_reminder_once_between_them()
    {
        var user = Ids.New<UserId>(clock);
        for (var i = 0; i < 100; i++)
            await Book.AddAsync(user, "Tea", "en", clock.GetUtcNow().AddSeconds(-1), CancellationToken.None);

        var rung = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Book.RingAsync(CancellationToken.None)));

        rung.SelectMany(due => due).Where(due => due.UserId == user).Select(due => due.Id).Distinct().Count().ShouldBe(rung.Sum(due => due.Count(row => row.UserId == user)));
        // A node skips what another holds, and finds the rest at its next round.
        rung.Sum(due => due.Count(row => row.UserId == user)).ShouldBe(100);
    }

    [Fact]
    public async Task A_reminder_that_is_done_stays_done()
    {
        var user = Ids.New<UserId>(clock);
        var reminder = await Book.AddAsync(user, "Tea", "en", clock.GetUtcNow().AddSeconds(-1), CancellationToken.None);

        (await Book.DoneAsync(user, reminder.Id, CancellationToken.None)).ShouldBeTrue();
        (await Book.DoneAsync(user, reminder.Id, CancellationToken.None)).ShouldBeTrue();

        (await Book.RingAsync(CancellationToken.None)).ShouldNotContain(due => due.Id == reminder.Id);
        (await Book.OpenAsync(user, CancellationToken.None)).ShouldBeEmpty();
        (await Book.DoneAsync(Ids.New<UserId>(clock), reminder.Id, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_bell_survives_a_round_that_fails()
    {
        var user = Ids.New<UserId>(clock);
        await Book.AddAsync(user, "Tea", "en", clock.GetUtcNow().AddSeconds(-1), CancellationToken.None);
        var live = new Live { FailFirst = true };
        using var bell = new ReminderBell(Book, live, clock, NullLogger<ReminderBell>.Instance);
        await bell.StartAsync(CancellationToken.None);
        await live.Failed.Task.WaitAsync(Eventually.DefaultDeadline);
        var second = await Book.AddAsync(user, "Cake", "en", clock.GetUtcNow(), CancellationToken.None);

        clock.Advance(ReminderBell.Period);

        (await live.NextAsync(user)).ShouldBe(second.Id);
        await bell.StopAsync(CancellationToken.None);
    }

    sealed class Live : IRealtime
    {
        readonly ConcurrentDictionary<string, TaskCompletionSource<Guid>> heard = new(StringComparer.Ordinal);
        int calls;

        public bool FailFirst { get; init; }

        public TaskCompletionSource Failed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Guid> NextAsync(UserId user) => Of($"user:{user.Value}").Task.WaitAsync(Eventually.DefaultDeadline);

        public Task PublishAsync(string topic, string name, object data, CancellationToken cancel)
        {
            name.ShouldBe("agents.reminder-due");
            if (FailFirst && Interlocked.Increment(ref calls) == 1)
            {
                Failed.TrySetResult();
                throw new IOException("The line is down.");
            }

            Of(topic).TrySetResult((Guid)data.GetType().GetProperty("Id")!.GetValue(data)!);
            return Task.CompletedTask;
        }

        TaskCompletionSource<Guid> Of(string topic) => heard.GetOrAdd(topic, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
