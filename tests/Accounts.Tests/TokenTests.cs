using System.Net;
using JeanTrail.Accounts.Tokens;

namespace JeanTrail.Accounts.Tests;

/// <summary>Access and refresh tokens of programs that a person signed in.</summary>
public sealed class TokenTests(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
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
    public async Task E_mail_address_and_password_are_exchanged_for_a_pair_that_opens_what_the_person_may()
    {
        var pair = await SignInAsync();
        using var program = Program(pair.Access);

        pair.Access.ShouldMatch("^jt_at_[A-Za-z0-9_-]{43}$");
        pair.Refresh.ShouldMatch("^jt_rt_[A-Za-z0-9_-]{43}$");
        (await program.StatusAsync("users")).ShouldBe(HttpStatusCode.OK);
        (await program.PostAsync("sessions/revoke-others")).Status.ShouldBe(HttpStatusCode.NoContent, "a program needs no proof of origin");
    }

    [Fact]
    public async Task An_access_token_ends_after_a_quarter_of_an_hour()
    {
        var pair = await SignInAsync();
        using var program = Program(pair.Access);
        app.Clock.Advance(TokenIssuer.AccessLifetime - TimeSpan.FromSeconds(1));
        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.OK);

        app.Clock.Advance(TimeSpan.FromSeconds(1));

        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_refresh_token_gives_the_next_pair_and_ends_the_one_before()
    {
        var first = await SignInAsync();
        using var before = Program(first.Access);
        (await before.StatusAsync("sessions")).ShouldBe(HttpStatusCode.OK);

        var second = await RefreshAsync(first.Refresh);

        second.Session.ShouldBe(first.Session);
        using var after = Program(second.Access);
        (await after.StatusAsync("sessions")).ShouldBe(HttpStatusCode.OK);
        (await before.StatusAsync("sessions")).ShouldBe(HttpStatusCode.Unauthorized);
        app.Clock.Advance(TimeSpan.FromDays(29));
        await RefreshAsync(second.Refresh);
    }

    [Fact]
    public async Task A_refresh_token_that_comes_twice_ends_the_whole_family_on_the_record_and_by_letter()
    {
        var first = await SignInAsync();
        var second = await RefreshAsync(first.Refresh);
        var third = await RefreshAsync(second.Refresh);
        using var program = Program(third.Access);
        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.OK);

        var reused = await AskAsync(first.Refresh);

        (reused.Status, reused.Code).ShouldBe((HttpStatusCode.Unauthorized, "accounts.token_invalid"));
        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(third.Refresh)).Code.ShouldBe("accounts.token_invalid");
        app.Closed.Sessions.ShouldContain(first.Session);
        (await new Mailbox(owner).KindsAsync("ada@example.org")).ShouldBe(["token-reused"]);
        (await app.Db.QueryAsync<string>("select act from kernel.audit where @Id = any(subjects)", new { Id = first.Session }, default)).ShouldBe(["accounts.token.reused"]);
    }

    [Fact]
    public async Task Of_two_refreshes_at_once_at_most_one_succeeds_and_the_family_ends()
    {
        var pair = await SignInAsync();

        var answers = await Task.WhenAll(AskAsync(pair.Refresh), AskAsync(pair.Refresh));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        using var program = Program(answers.Single(answer => answer.Status == HttpStatusCode.OK)["accessToken"].GetString());
        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_refresh_token_that_is_too_old_gives_nothing()
    {
        var pair = await SignInAsync();

        app.Clock.Advance(TokenIssuer.RefreshLifetime);

        (await AskAsync(pair.Refresh)).Code.ShouldBe("accounts.token_invalid");
    }

    [Fact]
    public async Task A_signed_in_program_is_among_the_devices_and_ends_with_its_entry_there_on_all_nodes()
    {
        await using var neighbour = await app.NeighbourAsync(server);
        var pair = await SignInAsync();
        using var program = new ApiProgram(neighbour.Address, pair.Access);
        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.OK);
        (await owner.GetAsync("sessions"))["items"].EnumerateArray().Select(item => item.GetProperty("id").GetGuid()).ShouldContain(pair.Session);

        (await owner.DeleteAsync($"sessions/{pair.Session}")).Status.ShouldBe(HttpStatusCode.NoContent);

        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(pair.Refresh)).Code.ShouldBe("accounts.token_invalid");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_program_signs_out_with_either_token(bool withRefresh)
    {
        var pair = await SignInAsync();
        using var program = Program(pair.Access);
        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.OK);
        using var anonymous = Program(null);

        (await anonymous.PostAsync("tokens/revoke", new { token = withRefresh ? pair.Refresh : pair.Access })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await program.StatusAsync("sessions")).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(pair.Refresh)).Code.ShouldBe("accounts.token_invalid");
        (await anonymous.PostAsync("tokens/revoke", new { token = "nonsense" })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await owner.GetAsync("sessions")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_second_factor_is_asked_for_and_its_code_works_once()
    {
        var authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);
        using var anonymous = Program(null);

        (await anonymous.PostAsync("tokens", Credentials())).Code.ShouldBe("accounts.code_required");
        (await anonymous.PostAsync("tokens", Credentials(authenticator.WrongCode()))).Code.ShouldBe("accounts.code_wrong");
        var code = authenticator.Code();
        var opened = await anonymous.PostAsync("tokens", Credentials(code));
        opened.Status.ShouldBe(HttpStatusCode.OK, opened.Json.ToString());
        (await anonymous.PostAsync("tokens", Credentials(code))).Code.ShouldBe("accounts.code_wrong");
    }

    [Fact]
    public async Task Guessing_is_slowed_down_as_at_the_browsers_door()
    {
        using var program = Program(null);
        using var browser = app.NewBrowser();
        for (var attempt = 0; attempt < 3; attempt++)
            (await program.PostAsync("tokens", new { email = "ada@example.org", password = "wrong" })).Code.ShouldBe("accounts.credentials_wrong");
        for (var attempt = 0; attempt < 2; attempt++)
            await browser.SignInAsync(password: "wrong");

        (await program.PostAsync("tokens", Credentials())).Status.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Wrong_codes_are_counted_over_all_networks()
    {
        var authenticator = await Authenticator.TurnOnAsync(owner, app.Clock);
        using var browser = app.NewBrowser();
        for (var attempt = 0; attempt < SignIn.SignInTickets.MaxFailuresPerDay; attempt++)
        {
            browser.From = $"192.0.2.{attempt}";
            await browser.PostAsync("tokens", Credentials(authenticator.WrongCode()));
        }

        browser.From = "192.0.2.200";
        (await browser.PostAsync("tokens", Credentials(authenticator.Code()))).Code.ShouldBe("accounts.ticket_ended");
    }

    [Fact]
    public async Task Tokens_are_no_cookies_and_refresh_tokens_open_nothing()
    {
        var pair = await SignInAsync();
        using var program = Program(pair.Access);
        await program.GetAsync("sessions");
        using var other = Program(null);
        other.Cookie = $"jean={pair.Access["jt_at_".Length..]}";
        (await other.StatusAsync("sessions")).ShouldBe(HttpStatusCode.Unauthorized);

        using var refresh = Program(pair.Refresh);
        (await refresh.StatusAsync("sessions")).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(pair.Access)).Code.ShouldBe("accounts.token_invalid");
    }

    [Fact]
    public async Task A_suspended_persons_tokens_end()
    {
        using var member = await app.NewMemberAsync();
        var pair = await SignInAsync("bob@example.org");
        var id = (await member.GetAsync("session"))["user"].GetProperty("id").GetGuid();

        await owner.PostAsync($"users/{id}/suspend");

        using var program = Program(pair.Access);
        (await program.StatusAsync("preferences")).ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(pair.Refresh)).Code.ShouldBe("accounts.token_invalid");
    }

    [Fact]
    public async Task A_new_password_ends_them()
    {
        var pair = await SignInAsync();

        (await owner.PutAsync("password", new { current = AccountsApp.Password, password = "seven herons on a quiet lake" })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await AskAsync(pair.Refresh)).Code.ShouldBe("accounts.token_invalid");
    }

    [Fact]
    public async Task A_program_does_not_act_as_somebody_else()
    {
        using var member = await app.NewMemberAsync();
        var id = (await member.GetAsync("session"))["user"].GetProperty("id").GetGuid();
        using var program = Program((await SignInAsync()).Access);

        (await program.PostAsync($"users/{id}/impersonate", new { reason = "just looking" })).Code.ShouldBe("kernel.forbidden");
    }

    [Fact]
    public async Task No_token_is_in_the_tables_or_in_the_log()
    {
        var first = await SignInAsync();
        var second = await RefreshAsync(first.Refresh);

        var rows = string.Join('\n', await app.Db.QueryAsync<string>(
            "select row_to_json(s)::text from accounts.session s union all select row_to_json(r)::text from accounts.refresh_token r", null, default));

        foreach (var token in new[] { first.Access, first.Refresh, second.Access, second.Refresh })
        {
            rows.ShouldNotContain(token[6..]);
            app.Logs.AllText.ShouldNotContain(token[6..]);
        }
    }

    static object Credentials(string? code = null) => new { email = "ada@example.org", password = AccountsApp.Password, code };

    ApiProgram Program(string? bearer) => new(app.Address, bearer);

    async Task<Pair> SignInAsync(string email = "ada@example.org")
    {
        using var program = Program(null);
        return Read(await program.PostAsync("tokens", new { email, password = AccountsApp.Password }));
    }

    async Task<Pair> RefreshAsync(string refresh) => Read(await AskAsync(refresh));

    async Task<Answer> AskAsync(string refresh)
    {
        using var program = Program(null);
        return await program.PostAsync("tokens/refresh", new { refreshToken = refresh });
    }

    static Pair Read(Answer answer)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Json.ToString());
        answer["tokenType"].GetString().ShouldBe("Bearer");
        answer["expiresInSeconds"].GetInt32().ShouldBe(900);
        return new(answer["accessToken"].GetString()!, answer["refreshToken"].GetString()!, answer["sessionId"].GetGuid());
    }

    sealed record Pair(string Access, string Refresh, Guid Session);
}
