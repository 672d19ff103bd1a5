using System.Net;
using JeanTrail.Accounts.SignIn;
using JeanTrail.Kernel.Security;

namespace JeanTrail.Accounts.Tests;

/// <summary>Dangerous acts ask for a proof that is not old; those of two-factor authentication stand for them all.</summary>
public sealed class StepUpTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
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
    public async Task Signing_in_is_a_proof_for_a_quarter_of_an_hour()
    {
        app.Clock.Advance(RecentProof.Lifetime);
        (await owner.PostAsync("two-factor/totp")).Status.ShouldBe(HttpStatusCode.OK);
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var refused = await owner.PostAsync("two-factor/totp");

        refused.Status.ShouldBe(HttpStatusCode.Forbidden);
        refused.Code.ShouldBe("accounts.proof_needed");
        (await owner.DeleteAsync("two-factor/totp")).Code.ShouldBe("accounts.proof_needed");
        (await owner.PostAsync("two-factor/recovery-codes")).Code.ShouldBe("accounts.proof_needed");
        (await owner.GetAsync("two-factor")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_password_is_a_new_proof_that_counts_at_once()
    {
        app.Clock.Advance(TimeSpan.FromHours(1));
        (await owner.PostAsync("two-factor/totp")).Code.ShouldBe("accounts.proof_needed");

        (await owner.PostAsync("step-up", new { password = AccountsApp.Password })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await owner.PostAsync("two-factor/totp")).Status.ShouldBe(HttpStatusCode.OK);
        app.Closed.Sessions.ShouldBeEmpty("live connections go on");
    }

    [Fact]
    public async Task A_proof_holds_for_the_session_it_was_given_in()
    {
        using var phone = app.NewBrowser();
        await phone.SignInAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));
        await owner.PostAsync("step-up", new { password = AccountsApp.Password });

        (await phone.PostAsync("two-factor/totp")).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task Sessions_from_before_there_was_a_proof_have_none()
    {
        await app.Db.ExecuteAsync("update accounts.session set proved_at = null", null, CancellationToken.None);
        app.Clock.Advance(TimeSpan.FromSeconds(10));

        (await owner.PostAsync("two-factor/totp")).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task A_wrong_password_proves_nothing()
    {
        app.Clock.Advance(TimeSpan.FromHours(1));

        var refused = await owner.PostAsync("step-up", new { password = "a loud river at dawn" });

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Code.ShouldBe("accounts.password_wrong");
        (await owner.PostAsync("step-up", new { })).Code.ShouldBe("accounts.password_required");
        (await owner.PostAsync("step-up", new { code = "000000" })).Code.ShouldBe("accounts.password_required");
        (await owner.PostAsync("two-factor/totp")).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task With_a_second_factor_a_code_is_asked_for_and_the_password_is_not_enough()
    {
        var authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);
        app.Clock.Advance(TimeSpan.FromHours(1));

        (await owner.PostAsync("step-up", new { password = AccountsApp.Password })).Code.ShouldBe("accounts.code_required");
        (await owner.PostAsync("step-up", new { code = authenticator.WrongCode() })).Code.ShouldBe("accounts.code_wrong");
        (await owner.DeleteAsync("two-factor/totp")).Code.ShouldBe("accounts.proof_needed");
        var code = authenticator.Code();
        (await owner.PostAsync("step-up", new { code })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await owner.PostAsync("step-up", new { code })).Code.ShouldBe("accounts.code_wrong");

        (await owner.DeleteAsync("two-factor/totp")).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_recovery_code_is_a_proof_too_and_is_used_up()
    {
        var authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);
        app.Clock.Advance(TimeSpan.FromHours(1));

        (await owner.PostAsync("step-up", new { code = authenticator.RecoveryCodes[0] })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await owner.PostAsync("step-up", new { code = authenticator.RecoveryCodes[0] })).Code.ShouldBe("accounts.code_wrong");
        (await owner.PostAsync("two-factor/recovery-codes")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Guessing_is_slowed_down()
    {
        for (var i = 0; i < AttemptThrottle.FreeAttempts; i++)
            (await owner.PostAsync("step-up", new { password = "a loud river at dawn" })).Code.ShouldBe("accounts.password_wrong");

        var limited = await owner.PostAsync("step-up", new { password = AccountsApp.Password });

        limited.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        limited.Message.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(AttemptThrottle.FirstPause);
        app.Clock.Advance(AttemptThrottle.FirstPause);
        (await owner.PostAsync("step-up", new { password = AccountsApp.Password })).Status.ShouldBe(HttpStatusCode.NoContent);
    }
}
