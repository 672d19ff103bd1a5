using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace JeanTrail.Testing.Simulators;

/// <summary>A GitHub Enterprise server on loopback, as far as signing in goes.</summary>
/// <remarks>Source: GitHub Docs, "Authorizing OAuth apps" and "REST API endpoints for emails".</remarks>
public sealed class GitHubSite : IAsyncDisposable
{
    public const string ClientId = "Iv1.jean";
    public const string ClientSecret = "gh-secret";

    const string Bearer = "gho_of_the_person";
    readonly Dictionary<string, IReadOnlyDictionary<string, string>> codes = new(StringComparer.Ordinal);
    readonly WebApplication app;

    GitHubSite(WebApplication app) => this.app = app;

    public string Address { get; private set; } = "";

    public string Email { get; set; } = "octavia@example.org";

    public bool EmailVerified { get; set; } = true;

    /// <summary>Whether it takes no codes, which it says with a success.</summary>
    public bool RefusesCodes { get; set; }

    public static async Task<GitHubSite> StartAsync()
    {
        var app = SimulatorApp.Create();
        var site = new GitHubSite(app);
        app.MapGet("/login/oauth/authorize", site.Authorize);
        app.MapPost("/login/oauth/access_token", (Delegate)site.TokenAsync);
        app.MapGet("/api/v3/user", (HttpContext context) => ForPerson(context, new { id = 583231, login = "octavia", name = (string?)null }));
        app.MapGet("/api/v3/user/emails", (HttpContext context) => ForPerson(context, new object[]
        {
            new { email = "old@example.org", primary = false, verified = true },
            new { email = site.Email, primary = true, verified = site.EmailVerified },
        }));
        site.Address = (await SimulatorApp.StartAsync(app)).TrimEnd('/');
        return site;
    }

    public ValueTask DisposeAsync() => new(SimulatorApp.StopAsync(app));

    IResult Authorize(HttpContext context)
    {
        var query = context.Request.Query.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.Ordinal);
        if (query.GetValueOrDefault("client_id") != ClientId)
            return Results.NotFound();
        var code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(10));
        codes[code] = query;
        return Results.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"], new Dictionary<string, string?>(StringComparer.Ordinal) { ["code"] = code, ["state"] = query["state"] }));
    }

    async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var isGood = !RefusesCodes && form["client_id"] == ClientId && form["client_secret"] == ClientSecret && codes.Remove(form["code"].ToString(), out var asked)
            && asked["code_challenge"] == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        return isGood
            ? Results.Json(new { access_token = Bearer, scope = "read:user,user:email", token_type = "bearer" })
            : Results.Json(new { error = "bad_verification_code", error_description = "The code passed is incorrect or expired." });
    }

    // The API answers 403 to programs that do not say who they are.
    static IResult ForPerson(HttpContext context, object body)
        => context.Request.Headers.Authorization != $"Bearer {Bearer}" ? Results.Unauthorized()
            : context.Request.Headers.UserAgent.Count == 0 ? Results.StatusCode(StatusCodes.Status403Forbidden) : Results.Json(body);
}
