using System.Net;
using JeanTrail.Testing.Simulators;
using Microsoft.AspNetCore.WebUtilities;

namespace JeanTrail.Accounts.Tests;

/// <summary>People who have only their identity provider confirm there that it is them, and only by signing in there anew.</summary>
public sealed class ExternalStepUpTests(OwnedServer server) : ExternalTest(server)
{
    Browser zoe = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await OpenSignUpAsync();
        zoe = App.NewBrowser();
        (await EnterAsync(zoe)).Status.ShouldBe(HttpStatusCode.OK);
        App.Clock.Advance(TimeSpan.FromHours(1));
        await ShouldNeedProofAsync();
    }

    public override async Task DisposeAsync()
    {
        zoe.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Signing_in_there_anew_is_a_proof_in_this_session_alone()
    {
        using var phone = App.NewBrowser();
        await EnterAsync(phone);
        App.Clock.Advance(TimeSpan.FromHours(1));
        var way = (await zoe.GetAsync("step-up"))["elsewhere"].EnumerateArray().ShouldHaveSingleItem();
        (way.GetProperty("id").GetGuid(), way.GetProperty("name").GetString(), way.GetProperty("proves").GetBoolean()).ShouldBe((Provider, "Harbour", true));

        var url = await BeginAsync();
        App.Clock.Advance(TimeSpan.FromMinutes(2));
        (await FinishAsync(await OidcIssuer.VisitAsync(url))).Status.ShouldBe(HttpStatusCode.NoContent);

        var query = QueryHelpers.ParseQuery(new Uri(url).Query);
        (query["prompt"].ToString(), query["max_age"].ToString()).ShouldBe(("login", "0"));
        (await zoe.PostAsync("two-factor/totp")).Status.ShouldBe(HttpStatusCode.OK);
        (await phone.PostAsync("two-factor/totp")).Code.ShouldBe("accounts.proof_needed");
    }

    [Fact]
    public async Task It_holds_for_a_quarter_of_an_hour()
    {
        (await ProveAsync()).Status.ShouldBe(HttpStatusCode.NoContent);

        App.Clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));

        await ShouldNeedProofAsync();
    }

    [Fact]
    public async Task Another_account_there_proves_nothing()
    {
        Issuer.Subject = "subject-of-mallory";

        (await ProveAsync()).Code.ShouldBe("accounts.external_other");

        await ShouldNeedProofAsync();
    }

    [Fact]
    public async Task A_sign_in_there_from_before_the_question_proves_nothing()
    {
        Issuer.IgnoresPrompt = true;
        Issuer.SignedInAt = App.Clock.GetUtcNow() - TimeSpan.FromSeconds(1);

        (await ProveAsync()).Code.ShouldBe("accounts.external_not_fresh");

        await ShouldNeedProofAsync();
    }

    [Fact]
    public async Task A_provider_whose_clock_goes_ahead_makes_no_old_sign_in_new()
    {
        Issuer.Ahead = TimeSpan.FromSeconds(100);
        Issuer.IgnoresPrompt = true;
        Issuer.SignedInAt = App.Clock.GetUtcNow() + TimeSpan.FromSeconds(40);

        (await ProveAsync()).Code.ShouldBe("accounts.external_not_fresh");

        Issuer.IgnoresPrompt = false;
        (await ProveAsync()).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("text")]
    [InlineData("future")]
    public async Task A_token_that_does_not_say_when_proves_nothing(string fault)
    {
        Issuer.Claims = claims => claims["auth_time"] = fault switch
        {
            "text" => "now",
            "future" => App.Clock.GetUtcNow().ToUnixTimeSeconds() + 3600,
            _ => null,
        };

        (await ProveAsync()).Code.ShouldBe("accounts.external_not_fresh");

        await ShouldNeedProofAsync();
    }

    [Fact]
    public async Task State_is_taken_once()
    {
        var back = await OidcIssuer.VisitAsync(await BeginAsync());
        (await FinishAsync(back)).Status.ShouldBe(HttpStatusCode.NoContent);
        App.Clock.Advance(TimeSpan.FromMinutes(9));

        (await FinishAsync(back)).Code.ShouldBe("accounts.ceremony_ended");
    }

    [Fact]
    public async Task State_of_somebody_elses_or_of_another_ceremony_proves_nothing()
    {
        using var phone = App.NewBrowser();
        await EnterAsync(phone);
        var ofPhone = await OidcIssuer.VisitAsync((await phone.PostAsync($"step-up/external/{Provider}"))["url"].GetString()!);
        (await FinishAsync(ofPhone)).Code.ShouldBe("accounts.ceremony_ended");
        (await FinishAsync(await GoAsync(zoe))).Code.ShouldBe("accounts.ceremony_ended");
        (await zoe.PostAsync("external/sign-in", Body(await OidcIssuer.VisitAsync(await BeginAsync())))).Code.ShouldBe("accounts.ceremony_ended");

        await ShouldNeedProofAsync();
    }

    [Fact]
    public async Task Whoever_has_something_here_confirms_with_that()
    {
        using var member = await App.NewMemberAsync();
        Issuer.Subject = "subject-of-bob";
        (await LinkAsync(member)).Status.ShouldBe(HttpStatusCode.NoContent);
        App.Clock.Advance(TimeSpan.FromHours(1));

        (await member.GetAsync("step-up"))["elsewhere"].GetArrayLength().ShouldBe(0);
        (await member.PostAsync($"step-up/external/{Provider}")).Code.ShouldBe("accounts.step_up_otherwise");
    }

    [Fact]
    public async Task A_password_that_was_chosen_meanwhile_is_what_counts()
    {
        var back = await OidcIssuer.VisitAsync(await BeginAsync());
        await App.Db.ExecuteAsync(
            "update accounts.user set password_hash = (select password_hash from accounts.user where role = 'owner') where role = 'free'", null, default);

        (await FinishAsync(back)).Code.ShouldBe("accounts.external_other");

        await ShouldNeedProofAsync();
    }

    [Fact]
    public async Task Where_nothing_is_connected_or_offered_nobody_is_sent()
    {
        await using var other = await OidcIssuer.StartAsync(App.Clock);
        (await Owner.PostAsync("step-up", new { password = AccountsApp.Password })).Status.ShouldBe(HttpStatusCode.NoContent);
        var unconnected = (await RegisterAsync(new { kind = "oidc", name = "Other", issuer = other.Issuer, clientId = OidcIssuer.ClientId, clientSecret = OidcIssuer.ClientSecret }))["id"].GetGuid();
        (await zoe.PostAsync($"step-up/external/{unconnected}")).Status.ShouldBe(HttpStatusCode.NotFound);
        await Owner.PutAsync($"identity-providers/{Provider}", new { name = "Harbour", clientId = OidcIssuer.ClientId, enabled = false });

        (await zoe.PostAsync($"step-up/external/{Provider}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task GitHub_says_plainly_that_it_proves_nothing()
    {
        await using var site = await GitHubSite.StartAsync();
        (await Owner.PostAsync("step-up", new { password = AccountsApp.Password })).Status.ShouldBe(HttpStatusCode.NoContent);
        var provider = (await RegisterAsync(new { kind = "github", name = "GitHub", issuer = site.Address, clientId = GitHubSite.ClientId, clientSecret = GitHubSite.ClientSecret }))["id"].GetGuid();
        using var octavia = App.NewBrowser();
        (await EnterAsync(octavia, provider)).Status.ShouldBe(HttpStatusCode.OK);

        (await octavia.GetAsync("step-up"))["elsewhere"].EnumerateArray().ShouldHaveSingleItem().GetProperty("proves").GetBoolean().ShouldBeFalse();
        (await octavia.PostAsync($"step-up/external/{provider}")).Code.ShouldBe("accounts.external_proves_nothing");
    }

    async Task<string> BeginAsync()
    {
        var begun = await zoe.PostAsync($"step-up/external/{Provider}");
        begun.Status.ShouldBe(HttpStatusCode.OK, begun.Json.ToString());
        return begun["url"].GetString()!;
    }

    Task<Answer> FinishAsync(IReadOnlyDictionary<string, string> back) => zoe.PostAsync("step-up/external", Body(back));

    async Task<Answer> ProveAsync() => await FinishAsync(await OidcIssuer.VisitAsync(await BeginAsync()));

    async Task ShouldNeedProofAsync() => (await zoe.PostAsync("two-factor/totp")).Code.ShouldBe("accounts.proof_needed");
}
