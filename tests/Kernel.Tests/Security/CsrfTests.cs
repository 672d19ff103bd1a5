using System.Net;
using JeanTrail.Kernel.Security;
using JeanTrail.Kernel.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Tests.Security;

public sealed class CsrfFixture : IAsyncLifetime
{
    public EdgeApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await EdgeApp.StartAsync(routes =>
    {
        string[] all = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        routes.MapMethods("/api/thing", all, () => TypedResults.NoContent());
        routes.MapMethods("/hubs/thing", all, () => TypedResults.NoContent());
        routes.MapMethods("/api/open", all, () => TypedResults.NoContent()).AllowAnonymous();
    });

    public async Task DisposeAsync() => await App.DisposeAsync();
}

public sealed class CsrfTests(CsrfFixture fixture) : IClassFixture<CsrfFixture>
{
    readonly EdgeApp app = fixture.App;

    async Task<HttpResponseMessage> SendAsync(string method, string path, bool signedIn, string? token, string? site, string? origin, Action<HttpRequestMessage>? adjust = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (signedIn)
            request.Headers.Add("Cookie", $"test={app.UserId}:{app.SessionId}");
        if (token is not null)
            request.Headers.Add("X-CSRF-Token", token);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        if (origin is not null)
            request.Headers.Add("Origin", origin == "own" ? app.Address.GetLeftPart(UriPartial.Authority) : origin);
        adjust?.Invoke(request);
        return await app.Client.SendAsync(request);
    }

    [Theory]
    // Signed in: the token is needed, and what the browser says must fit.
    [InlineData("POST", "/api/thing", true, "right", null, null, 204)]
    [InlineData("POST", "/api/thing", true, "right", "same-origin", "own", 204)]
    [InlineData("PUT", "/api/thing", true, "right", "none", null, 204)]
    [InlineData("DELETE", "/hubs/thing", true, "right", null, null, 204)]
    [InlineData("POST", "/api/thing", true, null, "same-origin", "own", 403)]
    [InlineData("PUT", "/api/thing", true, "wrong", "same-origin", "own", 403)]
    [InlineData("PATCH", "/api/thing", true, "other session", "same-origin", "own", 403)]
    [InlineData("DELETE", "/api/thing", true, "", null, null, 403)]
    [InlineData("POST", "/hubs/thing", true, null, null, null, 403)]
    [InlineData("POST", "/API/thing", true, null, null, null, 403)]
    [InlineData("POST", "/api/thing", true, "right", "cross-site", null, 403)]
    [InlineData("POST", "/api/thing", true, "right", "same-site", null, 403)]
    [InlineData("POST", "/api/thing", true, "right", null, "https://evil.example", 403)]
    [InlineData("POST", "/api/thing", true, "right", null, "null", 403)]
    [InlineData("POST", "/api/thing", true, "right", "same-origin", "http://127.0.0.1:1", 403)]
    [InlineData("POST", "/api/thing", true, "right", null, "not an origin", 403)]
    // Nobody signed in: there is no session to ride on, but other sites' forms are still refused.
    [InlineData("POST", "/api/open", false, null, null, null, 204)]
    [InlineData("POST", "/api/open", false, null, "same-origin", "own", 204)]
    [InlineData("POST", "/api/open", false, null, "cross-site", null, 403)]
    [InlineData("POST", "/api/open", false, null, null, "https://evil.example", 403)]
    [InlineData("POST", "/api/thing", false, null, null, null, 401)]
    // Reading needs no proof.
    [InlineData("GET", "/api/thing", true, null, "cross-site", null, 204)]
    public async Task Unsafe_requests_need_proof_of_their_origin(string method, string path, bool signedIn, string? token, string? site, string? origin, int status)
    {
        var given = token switch
        {
            "right" => app.CsrfToken,
            "other session" => app.App.Services.GetRequiredService<ICsrfTokens>().For(Guid.CreateVersion7()),
            _ => token,
        };

        using var response = await SendAsync(method, path, signedIn, given, site, origin);

        if (status == 403)
            await response.ShouldBeProblemAsync(403, "kernel.csrf");
        else
            ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Two_tokens_or_two_origins_are_not_proof()
    {
        using var tokens = await SendAsync("POST", "/api/thing", true, app.CsrfToken, null, null, request => request.Headers.Add("X-CSRF-Token", "second"));

        await tokens.ShouldBeProblemAsync(403, "kernel.csrf");
    }

    [Fact]
    public async Task Another_site_cannot_open_a_websocket()
    {
        using var evil = await SendAsync("GET", "/hubs/thing", true, null, null, "https://evil.example", Upgrade);
        using var own = await SendAsync("GET", "/hubs/thing", true, null, null, "own", Upgrade);

        await evil.ShouldBeProblemAsync(403, "kernel.csrf");
        own.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        static void Upgrade(HttpRequestMessage request)
        {
            request.Headers.Add("Connection", "Upgrade");
            request.Headers.Add("Upgrade", "websocket");
        }
    }

    [Theory]
    [InlineData("https://jean.example", "jean.example", true)]
    [InlineData("https://jean.example", "jean.example:443", true)]
    [InlineData("https://JEAN.example", "jean.EXAMPLE", true)]
    [InlineData("https://jean.example:8443", "jean.example:8443", true)]
    [InlineData("http://[::1]:5000", "[::1]:5000", true)]
    [InlineData("https://jean.example:8443", "jean.example", false)]
    [InlineData("https://jean.example.evil.example", "jean.example", false)]
    [InlineData("https://evil.example", "jean.example", false)]
    [InlineData("file://jean.example", "jean.example", false)]
    public void Origins_are_compared_with_the_host(string origin, string host, bool fits)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString(host);
        context.Request.Headers.Origin = origin;

        CsrfMiddleware.IsSameOrigin(context.Request).ShouldBe(fits);
    }

    [Fact]
    public void A_token_belongs_to_its_session()
    {
        var tokens = app.App.Services.GetRequiredService<ICsrfTokens>();
        var session = Guid.CreateVersion7();

        tokens.For(session).ShouldBe(tokens.For(session));
        tokens.Matches(session, tokens.For(session)).ShouldBeTrue();
        tokens.Matches(Guid.CreateVersion7(), tokens.For(session)).ShouldBeFalse();
        tokens.Matches(session, null).ShouldBeFalse();
        tokens.Matches(session, new string('a', 10_000)).ShouldBeFalse();
    }
}
