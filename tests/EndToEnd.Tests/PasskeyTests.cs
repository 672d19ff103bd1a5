using JeanTrail.Testing;
using JeanTrail.Testing.Simulators;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JeanTrail.EndToEnd.Tests;

/// <summary>Ways in besides the password, in a real browser with a virtual authenticator.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class PasskeyTests(Chromium chromium)
{
    static readonly Dictionary<string, string> Settings = new(StringComparer.Ordinal) { ["JEAN_Accounts__PrivateIdentityProviders"] = "true", ["JEAN_Edge__SignInsPerMinute"] = "1000" };

    [Fact]
    public async Task A_passkey_made_in_the_settings_signs_in_and_proves_who_one_is()
    {
        var data = JeanTrailProcess.NewDataFolder();
        var server = await JeanTrailProcess.StartAsync(data, settings: Settings);
        try
        {
            // No browser makes passkeys for an address in numbers.
            await using var screen = await chromium.OpenAsync(new Uri($"http://localhost:{server.Port}"));
            var authenticator = await AddAuthenticatorAsync(screen);
            await screen.CreateOwnerAsync(await server.SetupCodeAsync());

            await screen.GoAsync("/settings/account");
            await Button(screen, "Add a passkey").ClickAsync();
            await Expect(screen.Page.GetByText("Chrome on Linux", new() { Exact = true }).First).ToBeVisibleAsync();
            await screen.ShootAsync("passkey-added");
            (await screen.AxeAsync()).ShouldBeEmpty();

            // Else it would answer at once what the browser offers in the address field.
            await authenticator(false);
            await SignOutAsync(screen);
            await screen.ShootAsync("passkey-sign-in");
            (await screen.AxeAsync()).ShouldBeEmpty();
            await authenticator(true);
            await Button(screen, "Sign in with a passkey").ClickAsync();
            await screen.Page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));

            await screen.GoAsync("/settings/account");
            await Expect(screen.Page.GetByText("Not used yet")).ToHaveCountAsync(0);
            await Button(screen, "Remove Chrome on Linux").ClickAsync();
            await screen.Page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
            await Expect(Button(screen, "Remove Chrome on Linux")).ToHaveCountAsync(0);
            // What was on the page while its person signed out is refused, as it should be.
            screen.Complaints.Where(complaint => !IsRefusal(complaint)).ShouldBeEmpty();
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task An_account_elsewhere_is_configured_connected_and_signs_in()
    {
        var data = JeanTrailProcess.NewDataFolder();
        var server = await JeanTrailProcess.StartAsync(data, settings: Settings);
        try
        {
            await using var issuer = await OidcIssuer.StartAsync(TimeProvider.System);
            await using var screen = await chromium.OpenAsync(server.Address);
            await screen.CreateOwnerAsync(await server.SetupCodeAsync());

            await screen.GoAsync("/settings/sign-in");
            await Button(screen, "Add a service").ClickAsync();
            await screen.Page.GetByText("OpenID Connect", new() { Exact = true }).ClickAsync();
            await screen.Page.GetByLabel("Name").FillAsync("Harbour");
            await screen.Page.GetByLabel("Issuer").FillAsync(issuer.Issuer);
            await screen.Page.GetByLabel("Client ID").FillAsync(OidcIssuer.ClientId);
            await screen.Page.GetByLabel("Client secret").FillAsync(OidcIssuer.ClientSecret);
            await screen.ShootAsync("identity-provider-form");
            await screen.Page.Locator("dialog button[type=submit]").ClickAsync();
            await Expect(screen.Page.GetByRole(AriaRole.Heading, new() { Name = "Harbour" })).ToBeVisibleAsync();
            await screen.ShootAsync("identity-providers");
            (await screen.AxeAsync()).ShouldBeEmpty();

            await screen.GoAsync("/settings/account");
            await Button(screen, "Connect Harbour").ClickAsync();
            await Expect(Button(screen, "Disconnect Harbour")).ToBeVisibleAsync();
            await screen.ShootAsync("connected-account");

            await SignOutAsync(screen);
            await Button(screen, "Continue with Harbour").ClickAsync();
            await screen.Page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal) && url.StartsWith(server.Address.ToString(), StringComparison.Ordinal));

            // Somebody else, whom nobody here knows.
            await SignOutAsync(screen);
            issuer.Subject = "somebody-else";
            await Button(screen, "Continue with Harbour").ClickAsync();
            await Expect(screen.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has not opened the server");
            await screen.ShootAsync("identity-refused");
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    static ILocator Button(Screen screen, string name) => screen.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static async Task SignOutAsync(Screen screen)
    {
        await screen.GoAsync("/settings/account");
        await Button(screen, "Sign out").First.ClickAsync();
        await screen.Page.WaitForURLAsync("**/sign-in**");
        await screen.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
    }

    /// <summary>What a browser says of requests that were on their way while their person signed out.</summary>
    static bool IsRefusal(string complaint)
        => complaint.Contains("401", StringComparison.Ordinal) || complaint.Contains("HTTP Authentication failed", StringComparison.Ordinal);

    /// <summary>Whether somebody touches it by themselves is for the caller to say.</summary>
    /// <remarks>Source: Chrome DevTools Protocol, domain WebAuthn.</remarks>
    static async Task<Func<bool, Task>> AddAuthenticatorAsync(Screen screen)
    {
        var devTools = await screen.Page.Context.NewCDPSessionAsync(screen.Page);
        await devTools.SendAsync("WebAuthn.enable");
        var added = await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        var id = added!.Value.GetProperty("authenticatorId").GetString()!;
        return touched => devTools.SendAsync("WebAuthn.setAutomaticPresenceSimulation", new() { ["authenticatorId"] = id, ["enabled"] = touched });
    }
}
