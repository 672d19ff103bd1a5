using System.Net;
using JeanTrail.Testing.Simulators;

namespace JeanTrail.Accounts.Tests;

/// <summary>A server with an owner, and an identity provider it is registered with.</summary>
public abstract class ExternalTest(OwnedServer server) : IClassFixture<OwnedServer>, IAsyncLifetime
{
    protected AccountsApp App { get; private set; } = null!;

    protected Browser Owner { get; private set; } = null!;

    protected OidcIssuer Issuer { get; private set; } = null!;

    protected OwnedServer Server => server;

    /// <summary>The provider's id here.</summary>
    protected Guid Provider { get; private set; }

    public virtual async Task InitializeAsync()
    {
        (App, Owner) = await server.BeginAsync();
        Issuer = await OidcIssuer.StartAsync(App.Clock);
        Provider = (await RegisterAsync(new { kind = "oidc", name = "Harbour", issuer = Issuer.Issuer, clientId = OidcIssuer.ClientId, clientSecret = OidcIssuer.ClientSecret }))["id"].GetGuid();
    }

    public virtual async Task DisposeAsync()
    {
        Owner.Dispose();
        await Issuer.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<Answer> RegisterAsync(object provider)
    {
        var created = await Owner.PostAsync("identity-providers", provider);
        created.Status.ShouldBe(HttpStatusCode.Created, created.Json.ToString());
        return created;
    }

    protected Task OpenSignUpAsync() => Owner.PutAsync("settings", new { signUp = "open" });

    /// <summary>The whole way: there, and back with what the provider says.</summary>
    protected async Task<Answer> EnterAsync(Browser browser, Guid? provider = null) => await FinishAsync(browser, await GoAsync(browser, provider), provider);

    protected async Task<IReadOnlyDictionary<string, string>> GoAsync(Browser browser, Guid? provider = null)
    {
        var begun = await browser.PostAsync($"external/{provider ?? Provider}/sign-in");
        begun.Status.ShouldBe(HttpStatusCode.OK, begun.Json.ToString());
        return await OidcIssuer.VisitAsync(begun["url"].GetString()!);
    }

    protected Task<Answer> FinishAsync(Browser browser, IReadOnlyDictionary<string, string> back, Guid? provider = null) => browser.PostAsync("external/sign-in", Body(back, provider));

    protected async Task<Answer> LinkAsync(Browser browser, Guid? provider = null)
    {
        var begun = await browser.PostAsync($"external/{provider ?? Provider}/link");
        begun.Status.ShouldBe(HttpStatusCode.OK, begun.Json.ToString());
        return await browser.PostAsync("external/links", Body(await OidcIssuer.VisitAsync(begun["url"].GetString()!), provider));
    }

    protected object Body(IReadOnlyDictionary<string, string> back, Guid? provider = null) => new
    {
        providerId = provider ?? Provider,
        state = back["state"],
        code = back.GetValueOrDefault("code"),
        error = back.GetValueOrDefault("error"),
        iss = back.GetValueOrDefault("iss"),
        locale = "vi",
    };

    protected static async Task ShouldBeOutsideAsync(Browser browser) => (await browser.GetAsync("session")).Status.ShouldBe(HttpStatusCode.NoContent);
}
