using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Somebody without a password here confirms at their identity provider, in a real browser, that it is them.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class ProofElsewhereTests(Chromium chromium)
{
    const string AgeSql = "update accounts.session set proved_at = proved_at - interval '1 hour' where user_id = (select user_id from accounts.user where role <> 'owner')";

    [Fact]
    public async Task They_sign_in_there_once_more_come_back_and_do_what_they_wanted()
    {
        using var data = new DataFolder();
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var issuer = await OidcIssuer.StartAsync(TimeProvider.System);
        await using var server = await JeanTrailProcess.StartAsync(data.Path, settings: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["JEAN_Database__ConnectionString"] = database.ConnectionString,
            ["JEAN_Accounts__PrivateIdentityProviders"] = "true",
        });
        using (var owner = await Owner.CreateAsync(server))
        {
            await owner.PostAsync("/api/accounts/identity-providers", new { kind = "oidc", name = "Harbour", issuer = issuer.Issuer, clientId = OidcIssuer.ClientId, clientSecret = OidcIssuer.ClientSecret });
            await owner.PutAsync("/api/accounts/settings", new { signUp = "open" });
        }

        await using var zoe = await chromium.OpenAsync(server.Address);
        await zoe.Page.SetViewportSizeAsync(390, 844);
        await zoe.GoAsync("/sign-in");
        await Button(zoe, "Continue with Harbour").ClickAsync();
        await zoe.Page.WaitForURLAsync(url => url.StartsWith(server.Address.ToString(), StringComparison.Ordinal) && !url.Contains("/sign-in", StringComparison.Ordinal));
        await database.Db.ExecuteAsync(AgeSql, null, CancellationToken.None);

        // What is known of a session is believed for five seconds.
        await Eventually.PassAsync(async () =>
        {
            await AskAsync(zoe);
            await Expect(Button(zoe, "Sign in again with Harbour")).ToBeVisibleAsync(new() { Timeout = 10_000 });
        }, TimeSpan.FromMinutes(2));
        await zoe.ShootAsync("proof-elsewhere");
        (await zoe.AxeAsync()).ShouldBeEmpty();

        issuer.Subject = "somebody-else";
        await Button(zoe, "Sign in again with Harbour").ClickAsync();
        await Expect(zoe.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await zoe.ShootAsync("proof-elsewhere-refused");

        issuer.Subject = "subject-of-zoe";
        await AskAsync(zoe);
        await Button(zoe, "Sign in again with Harbour").ClickAsync();
        await Button(zoe, "Go on").ClickAsync();
        await AskAsync(zoe);
        await Expect(zoe.Page.GetByRole(AriaRole.Img, new() { Name = "QR code for your authenticator app" })).ToBeVisibleAsync();
        await zoe.ShootAsync("proof-elsewhere-done");
    }

    /// <summary>Begins what asks for a proof.</summary>
    static async Task AskAsync(Screen screen)
    {
        await screen.GoAsync("/settings/account");
        await Button(screen, "Turn on").ClickAsync();
    }

    static ILocator Button(Screen screen, string name) => screen.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
