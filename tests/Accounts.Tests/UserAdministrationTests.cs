using System.Net;

namespace JeanTrail.Accounts.Tests;

public sealed class UserAdministrationTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
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
    public async Task The_list_tells_who_is_there_and_how_many_sessions_are_open()
    {
        using var member = await app.NewMemberAsync();
        using var phone = app.NewBrowser();
        await phone.SignInAsync();
        await owner.PostAsync("sign-out");

        var users = await app.Administration.ListAsync(CancellationToken.None);

        users.Select(user => (user.Email, user.Role, user.OpenSessions)).ShouldBe([("ada@example.org", "owner", 1), ("bob@example.org", "free", 1)], ignoreOrder: true);
        users.ShouldAllBe(user => user.LastSeenAt == app.Clock.GetUtcNow());
    }

    [Fact]
    public async Task A_reset_password_is_made_by_the_server_and_ends_all_sessions()
    {
        var reset = await app.Administration.ResetPasswordAsync("ADA@example.org", null, CancellationToken.None);

        reset.Succeeded.ShouldBeTrue();
        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        using var browser = app.NewBrowser();
        (await browser.SignInAsync()).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.SignInAsync(password: reset.Value)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_weak_or_unknown_reset_is_refused()
    {
        (await app.Administration.ResetPasswordAsync("ada@example.org", "qwertyuiop", CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe("accounts.password_weak");
        (await app.Administration.ResetPasswordAsync("nobody@example.org", null, CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe("accounts.user_unknown");
        (await app.Administration.RevokeSessionsAsync("no address", CancellationToken.None)).Error.ShouldNotBeNull().Code.ShouldBe("accounts.user_unknown");
        (await owner.GetAsync("session")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_operator_lets_in_whoever_lost_their_second_factor()
    {
        await Authenticator.TurnOnAsync(owner, app.Clock);
        using var browser = app.NewBrowser();
        (await browser.SignInAsync()).Status.ShouldBe(HttpStatusCode.Accepted);

        (await app.Administration.RemoveSecondFactorAsync("Ada@example.org", CancellationToken.None)).Value.ShouldBeTrue();

        (await browser.SignInAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await app.Administration.RemoveSecondFactorAsync("ada@example.org", CancellationToken.None)).Value.ShouldBeFalse();
        (await new Mailbox(owner).KindsAsync("ada@example.org")).ShouldBe(["two-factor-off"]);
        var noted = await app.Db.QueryAsync<string>(
            "select address from kernel.audit where act = 'accounts.two-factor.off' and position > @Before", new { Before = server.AuditBefore }, default);
        noted.ShouldBe(["console"]);
    }

    [Fact]
    public async Task The_operator_can_sign_somebody_out_everywhere()
    {
        using var phone = app.NewBrowser();
        await phone.SignInAsync();

        (await app.Administration.RevokeSessionsAsync("ada@example.org", CancellationToken.None)).Value.ShouldBe(2);

        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await phone.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
