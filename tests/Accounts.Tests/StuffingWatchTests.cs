using JeanTrail.Accounts.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Accounts.Tests;

/// <summary>Stolen passwords that are tried once each, from everywhere.</summary>
public sealed class StuffingWatchTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    AccountsApp app = null!;
    Browser owner = null!;

    public async Task InitializeAsync() => (app, owner) = await server.BeginAsync();

    public Task DisposeAsync()
    {
        owner.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Many_failures_from_everywhere_are_told_of_once()
    {
        await FailAsync(StuffingWatch.Fewest);

        await WatchAsync();
        await WatchAsync();

        (await new Mailbox(owner).KindsAsync("ada@example.org")).ShouldBe(["stuffing-suspected"]);
        (await ActsAsync()).ShouldBe(["accounts.sign-in.stuffing-suspected"]);

        app.Clock.Advance(StuffingWatch.Silence + TimeSpan.FromMinutes(1));
        await FailAsync(StuffingWatch.Fewest);
        await WatchAsync();
        (await ActsAsync()).Count.ShouldBe(2, "the next attack is told of again");
    }

    [Fact]
    public async Task Fewer_or_older_ones_are_not()
    {
        await FailAsync(StuffingWatch.Fewest - 1);
        await WatchAsync();
        app.Clock.Advance(StuffingWatch.Window + TimeSpan.FromMinutes(1));
        await FailAsync(StuffingWatch.Fewest - 1);
        await WatchAsync();

        (await ActsAsync()).ShouldBeEmpty();
    }

    async Task FailAsync(int count)
    {
        using var browser = app.NewBrowser();
        for (var attempt = 0; attempt < count; attempt++)
            (await browser.SignInAsync($"nobody{attempt}@example.org", "stolen elsewhere")).Code.ShouldBe("accounts.credentials_wrong");
    }

    Task WatchAsync() => ActivatorUtilities.CreateInstance<StuffingWatch>(app.Services).RunAsync(CancellationToken.None);

    async Task<IReadOnlyList<string>> ActsAsync()
        => await app.Db.QueryAsync<string>(
            "select act from kernel.audit where act = 'accounts.sign-in.stuffing-suspected' and position > @Before order by position", new { Before = server.AuditBefore }, CancellationToken.None);
}
