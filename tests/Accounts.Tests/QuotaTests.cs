using System.Net;
using JeanTrail.Contracts.Accounts;
using JeanTrail.Contracts.Gateway;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Security;
using JeanTrail.Testing;

namespace JeanTrail.Accounts.Tests;

public sealed class QuotaTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    AccountsApp app = null!;
    Browser owner = null!;
    Browser bob = null!;
    UserId bobId;

    public async Task InitializeAsync()
    {
        (app, owner) = await server.BeginAsync();
        bob = await app.NewMemberAsync();
        bobId = await IdAsync(bob);
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        bob.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Of_many_takes_at_once_on_two_nodes_exactly_as_many_succeed_as_fit()
    {
        await LimitAsync(requests: 50);
        await using var other = await AccountsApp.StartAsync(server, app.Clock, new NodeLink());

        var refusals = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? app : other).Quotas.TryTakeAsync(
            (i % 2 == 0 ? app : other).Db, bobId, QuotaMeter.Requests, 1, CancellationToken.None)));

        refusals.Count(refused => refused is null).ShouldBe(50);
        refusals.OfType<Error>().ShouldAllBe(refused => refused.Code == "accounts.quota_exhausted");
        (await UseAsync(QuotaMeter.Requests)).Used.ShouldBe(50);
    }

    [Fact]
    public async Task A_refusal_says_how_much_there_was_and_when_there_is_more()
    {
        await LimitAsync(requests: 2, storage: 100, bandwidth: 10);
        await TakeAsync(QuotaMeter.Requests, 2);

        var requests = (await TakeAsync(QuotaMeter.Requests, 1)).ShouldNotBeNull();
        var storage = (await TakeAsync(QuotaMeter.Storage, 101)).ShouldNotBeNull();
        var bandwidth = (await TakeAsync(QuotaMeter.Bandwidth, 11)).ShouldNotBeNull();

        var tomorrow = new DateTimeOffset(app.Clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1);
        (requests.Status, requests.Extensions!["meter"], requests.Extensions["limit"], requests.Extensions["used"]).ShouldBe((429, "requests", 2L, 2L));
        requests.Extensions["resetsAt"].ShouldBe(tomorrow);
        requests.Extensions["retryAfterSeconds"].ShouldBe((int)Math.Ceiling((tomorrow - app.Clock.GetUtcNow()).TotalSeconds));
        (storage.Code, storage.Status, storage.Extensions!["used"], storage.Extensions.ContainsKey("resetsAt")).ShouldBe(("accounts.storage_full", 413, 0L, false));
        (bandwidth.Code, bandwidth.Status).ShouldBe(("accounts.quota_exhausted", 429));
        ((DateTimeOffset)bandwidth.Extensions!["resetsAt"]!).Day.ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_take_takes_nothing_and_a_smaller_one_still_fits()
    {
        await LimitAsync(storage: 100);
        (await TakeAsync(QuotaMeter.Storage, 80)).ShouldBeNull();

        (await TakeAsync(QuotaMeter.Storage, 30)).ShouldNotBeNull();
        (await TakeAsync(QuotaMeter.Storage, 20)).ShouldBeNull();
        (await TakeAsync(QuotaMeter.Storage, 0)).ShouldBeNull();

        (await UseAsync(QuotaMeter.Storage)).Used.ShouldBe(100);
    }

    [Fact]
    public async Task Requests_begin_anew_with_the_day_bytes_sent_with_the_month_and_what_is_kept_never()
    {
        await LimitAsync(requests: 1, storage: 1, bandwidth: 1);
        var clock = new FakeClock(new DateTimeOffset(2031, 5, 30, 23, 59, 59, TimeSpan.Zero));
        await using var node = await AccountsApp.StartAsync(server, clock, new NodeLink());
        foreach (var meter in Enum.GetValues<QuotaMeter>())
            (await TakeAsync(meter, 1, node)).ShouldBeNull();

        clock.Advance(TimeSpan.FromSeconds(1));
        (await TakeAsync(QuotaMeter.Requests, 1, node)).ShouldBeNull();
        (await TakeAsync(QuotaMeter.Bandwidth, 1, node)).ShouldNotBeNull();

        clock.Advance(TimeSpan.FromDays(1));
        (await TakeAsync(QuotaMeter.Bandwidth, 1, node)).ShouldBeNull();
        (await TakeAsync(QuotaMeter.Storage, 1, node)).ShouldNotBeNull();
        (await UseAsync(QuotaMeter.Bandwidth, node)).ResetsAt.ShouldBe(new DateTimeOffset(2031, 7, 1, 0, 0, 0, TimeSpan.Zero));
        (await UseAsync(QuotaMeter.Storage, node)).ResetsAt.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_given_back_can_be_taken_again_and_nothing_falls_below_nothing()
    {
        await LimitAsync(storage: 10, bandwidth: 10);
        await TakeAsync(QuotaMeter.Storage, 10);
        await TakeAsync(QuotaMeter.Bandwidth, 4);

        await app.Quotas.ReleaseAsync(app.Db, bobId, QuotaMeter.Storage, 4, CancellationToken.None);
        (await UseAsync(QuotaMeter.Storage)).Used.ShouldBe(6);
        await app.Quotas.ReleaseAsync(app.Db, bobId, QuotaMeter.Storage, 40, CancellationToken.None);
        await app.Quotas.ReleaseAsync(app.Db, bobId, QuotaMeter.Bandwidth, 4, CancellationToken.None);

        (await UseAsync(QuotaMeter.Storage)).Used.ShouldBe(0);
        (await TakeAsync(QuotaMeter.Storage, 10)).ShouldBeNull();
        (await bob.GetAsync("usage"))["today"].GetProperty("bandwidthBytes").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task A_take_goes_with_its_transaction()
    {
        await LimitAsync(requests: 1);

        await Should.ThrowAsync<InvalidOperationException>(() => app.Db.InTransactionAsync<bool>(
            async tx =>
            {
                (await app.Quotas.TryTakeAsync(tx, bobId, QuotaMeter.Requests, 1, CancellationToken.None)).ShouldBeNull();
                throw new InvalidOperationException("the turn could not begin");
            },
            CancellationToken.None));

        (await TakeAsync(QuotaMeter.Requests, 1)).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_sent_already_counts_even_beyond_the_limit()
    {
        await LimitAsync(bandwidth: 10);

        await app.Quotas.CountAsync(app.Db, bobId, QuotaMeter.Bandwidth, 25, CancellationToken.None);

        (await UseAsync(QuotaMeter.Bandwidth)).Used.ShouldBe(25);
        (await TakeAsync(QuotaMeter.Bandwidth, 0)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Everybody_has_the_plan_of_their_role_and_a_new_role_counts_at_once()
    {
        await LimitAsync(requests: 1);
        await TakeAsync(QuotaMeter.Requests, 1);
        (await TakeAsync(QuotaMeter.Requests, 1)).ShouldNotBeNull();

        (await owner.PutAsync($"users/{bobId.Value}/role", new { role = "premium" })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await TakeAsync(QuotaMeter.Requests, 1)).ShouldBeNull();
        var usage = await bob.GetAsync("usage");
        usage["plan"].GetString().ShouldBe("premium");
        usage["quotas"][0].GetProperty("used").GetInt64().ShouldBe(2);
        (await app.Quotas.TryTakeAsync(app.Db, Ids.New<UserId>(app.Clock), QuotaMeter.Requests, 1, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_a_plan_opens_is_what_the_permissions_say()
    {
        var plans = (await bob.GetAsync("plans"))["items"].EnumerateArray().ToDictionary(
            plan => plan.GetProperty("name").GetString()!,
            plan => plan.GetProperty("features").EnumerateArray().Where(feature => feature.GetProperty("included").GetBoolean()).Select(feature => feature.GetProperty("name").GetString()).ToList());

        plans.Keys.ShouldBe(["owner", "admin", "premium", "free"]);
        plans["free"].ShouldBe(["models.local"]);
        plans["premium"].ShouldBe(["models.local", "images.generate", "tools.run"]);
        foreach (var (plan, features) in plans)
            features.Skip(1).ShouldAllBe(name => Permissions.Has(plan, name!));
    }

    [Fact]
    public async Task Only_the_owner_decides_about_plans_with_a_recent_proof_and_on_the_record()
    {
        using var admin = await app.NewMemberAsync("dora@example.org", "admin");
        var body = new { requestsPerDay = 7, storageBytes = (long?)null, bandwidthBytesPerMonth = 5 };
        (await admin.PutAsync("plans/free", body)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await owner.PutAsync("plans/gold", body)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await owner.PutAsync("plans/free", new { requestsPerDay = -1, storageBytes = 1, bandwidthBytesPerMonth = 1 })).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await owner.PutAsync("plans/free", body)).Status.ShouldBe(HttpStatusCode.NoContent);

        var free = (await bob.GetAsync("plans"))["items"][3];
        free.GetProperty("requestsPerDay").GetInt64().ShouldBe(7);
        free.GetProperty("storageBytes").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var entries = (await owner.GetAsync("/api/audit?act=accounts.plan.changed&limit=200"))["items"].EnumerateArray();
        entries.Count(entry => entry.GetProperty("after").GetString()!.Contains("\"requests\":7", StringComparison.Ordinal)).ShouldBe(1);
        app.Clock.Advance(RecentProof.Lifetime + TimeSpan.FromSeconds(1));
        (await owner.PutAsync("plans/free", body)).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task The_usage_of_a_month_is_told_by_the_day_with_what_the_models_came_to()
    {
        var today = new DateTimeOffset(2032, 3, 2, 0, 0, 0, TimeSpan.Zero);
        await using var node = await AccountsApp.StartAsync(server, new FakeClock(today.AddHours(-12)), new NodeLink());
        await TakeAsync(QuotaMeter.Requests, 3, node);
        await node.Quotas.CountAsync(node.Db, bobId, QuotaMeter.Bandwidth, 500, CancellationToken.None);
        node.Clock.Advance(TimeSpan.FromDays(1));
        await TakeAsync(QuotaMeter.Requests, 2, node);
        node.Books.Calls.Add((bobId, new ModelUsageDay(today, 4, 100, 50, 77)));
        node.Books.Calls.Add((bobId, new ModelUsageDay(today.AddDays(-2), 1, 10, 5, 7)));
        using var again = node.NewBrowser();
        (await again.SignInAsync("bob@example.org")).Status.ShouldBe(HttpStatusCode.OK);

        var usage = await again.GetAsync("usage");

        var days = usage["days"].EnumerateArray().ToList();
        days.Count.ShouldBe(30);
        days[^1].GetProperty("start").GetDateTimeOffset().ShouldBe(today);
        days[^1].GetProperty("costMicros").GetInt64().ShouldBe(77);
        days[^2].GetProperty("requests").GetInt64().ShouldBe(3);
        days[^2].GetProperty("bandwidthBytes").GetInt64().ShouldBe(500);
        days[^3].GetProperty("inputTokens").GetInt64().ShouldBe(10);
        usage["today"].GetProperty("requests").GetInt64().ShouldBe(2);
        usage["thisMonth"].GetProperty("requests").GetInt64().ShouldBe(5);
        usage["thisMonth"].GetProperty("calls").GetInt64().ShouldBe(4, "the day before yesterday was in February");
    }

    [Fact]
    public async Task A_persons_usage_is_seen_by_those_who_manage_people_and_nobody_else()
    {
        await TakeAsync(QuotaMeter.Requests, 3);
        using var carol = await app.NewMemberAsync("carol@example.org");

        (await carol.GetAsync($"users/{bobId.Value}/usage")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await owner.GetAsync($"users/{bobId.Value}/usage"))["today"].GetProperty("requests").GetInt64().ShouldBe(3);
        (await owner.GetAsync($"users/{Ids.New(app.Clock)}/usage")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await carol.GetAsync("usage"))["today"].GetProperty("requests").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Counts_of_long_ago_go_and_what_is_kept_stays_counted()
    {
        await TakeAsync(QuotaMeter.Requests, 3);
        await TakeAsync(QuotaMeter.Storage, 9);
        const string OldSql = "insert into accounts.quota_use (user_id, meter, time_window, started_at, used) values (@User, 'requests', 'day', @At, 5)";
        await app.Db.ExecuteAsync(OldSql, new { User = bobId, At = app.Clock.GetUtcNow().AddDays(-401) }, CancellationToken.None);

        await app.Upkeep.RunAsync(CancellationToken.None);

        (await app.Db.QueryAsync<long>("select used from accounts.quota_use order by used", null, CancellationToken.None)).ShouldBe([3, 9]);
    }

    Task<Error?> TakeAsync(QuotaMeter meter, long amount, AccountsApp? node = null)
        => (node ?? app).Quotas.TryTakeAsync(app.Db, bobId, meter, amount, CancellationToken.None);

    async Task<QuotaUse> UseAsync(QuotaMeter meter, AccountsApp? node = null)
        => (await (node ?? app).Quotas.UsageAsync(bobId, CancellationToken.None)).Single(use => use.Meter == meter);

    async Task LimitAsync(long? requests = null, long? storage = null, long? bandwidth = null)
        => (await owner.PutAsync("plans/free", new { requestsPerDay = requests, storageBytes = storage, bandwidthBytesPerMonth = bandwidth })).Status.ShouldBe(HttpStatusCode.NoContent);

    static async Task<UserId> IdAsync(Browser browser) => new((await browser.GetAsync("session"))["user"].GetProperty("id").GetGuid());
}
