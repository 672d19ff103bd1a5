using System.Net;
using System.Net.Http.Headers;
using JeanTrail.Kernel.Security;
using JeanTrail.Kernel.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Tests.Security;

public sealed class EdgeSecurityTests
{
    static Dictionary<string, string?> Settings(params (string Key, string Value)[] settings)
        => settings.ToDictionary(one => one.Key, one => (string?)one.Value, StringComparer.Ordinal);

    [Fact]
    public void The_policy_allows_what_is_inline_in_the_page_by_its_hash_and_nothing_else()
    {
        const string Page = """
            <!doctype html><html><head><script>document.title = "x"</script><script type="module" src="/a.js"></script>
            <style>.boot{color:red}</style></head></html>
            """;

        var policy = ContentSecurityPolicy.Build(Page);

        // printf '%s' 'document.title = "x"' | openssl dgst -sha256 -binary | base64
        policy.ShouldContain("script-src 'self' 'sha256-1AnVojUr4GiiRK2VhNR10AnLLZVQS8Y3idVdN/PXM5c=';");
        policy.ShouldContain("style-src 'self' 'sha256-HbUxRw/PdkiSqljAVqa4dJ9nfz3z6dEup8cp680E5fY=';");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        ContentSecurityPolicy.Build(Page.ReplaceLineEndings("\r\n")).ShouldBe(policy);
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_errors_and_pages_alike()
    {
        await using var app = await EdgeApp.StartAsync(routes => routes.MapGet("/api/bug", string () => throw new InvalidOperationException()));

        foreach (var path in (string[])["/docs", "/health/live", "/api/nothing", "/api/bug"])
        {
            using var response = await app.SendAsync(HttpMethod.Get, path);
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'self'");
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("Referrer-Policy").ShouldBe(["same-origin"]);
            response.Headers.GetValues("Permissions-Policy").Single().ShouldContain("microphone=(self), camera=(self)");
            response.Headers.GetValues("Cross-Origin-Opener-Policy").ShouldBe(["same-origin"]);
            response.Headers.Contains("Server").ShouldBeFalse();
            response.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("plain http");
        }
    }

    [Fact]
    public async Task Api_answers_are_not_stored_unless_an_endpoint_says_so()
    {
        await using var app = await EdgeApp.StartAsync(routes =>
        {
            routes.MapGet("/api/mine", () => TypedResults.Ok(1));
            routes.MapGet("/api/stored", (HttpResponse response) =>
            {
                response.Headers.CacheControl = "private, max-age=60";
                return TypedResults.Ok(1);
            });
        });

        (await app.SendAsync(HttpMethod.Get, "/api/mine")).Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await app.SendAsync(HttpMethod.Get, "/api/stored")).Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Sign_ins_are_limited_by_address_and_say_when_to_come_back()
    {
        await using var app = await EdgeApp.StartAsync(Routes, settings: Settings(("Edge:SignInsPerMinute", "3"), ("Edge:Proxies:0", "127.0.0.1")));

        for (var i = 0; i < 3; i++)
            (await SignInAsync(app, "203.0.113.7")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var refused = await SignInAsync(app, "203.0.113.7");
        using var neighbour = await SignInAsync(app, "203.0.113.8");

        var problem = await refused.ShouldBeProblemAsync(429, "kernel.rate_limited");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        problem["retryAfterSeconds"]!.GetValue<int>().ShouldBe((int)refused.Headers.RetryAfter.Delta.Value.TotalSeconds);
        neighbour.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Sign_ins_from_everywhere_are_limited_together()
    {
        await using var app = await EdgeApp.StartAsync(Routes, settings: Settings(("Edge:SignInsPerMinuteGlobally", "4"), ("Edge:Proxies:0", "127.0.0.0/8")));

        for (var i = 0; i < 4; i++)
            (await SignInAsync(app, $"203.0.113.{i}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await (await SignInAsync(app, "203.0.113.99")).ShouldBeProblemAsync(429, "kernel.rate_limited");
    }

    [Fact]
    public async Task One_persons_flood_does_not_stop_another()
    {
        await using var app = await EdgeApp.StartAsync(Routes, settings: Settings(("Edge:RequestBurst", "5"), ("Edge:RequestsPerSecond", "1")));
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 20; i++)
            statuses.Add((await app.SendAsync(HttpMethod.Get, "/api/thing")).StatusCode);

        using var other = new HttpRequestMessage(HttpMethod.Get, "/api/thing");
        other.Headers.Add("Cookie", $"test={Guid.CreateVersion7()}:{Guid.CreateVersion7()}");
        using var answer = await app.Client.SendAsync(other);

        statuses.Take(5).ShouldAllBe(status => status == HttpStatusCode.NoContent);
        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await app.Client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Forwarded_addresses_of_strangers_are_not_believed()
    {
        await using var app = await EdgeApp.StartAsync(Routes, settings: Settings(("Edge:SignInsPerMinute", "2")));

        for (var i = 0; i < 2; i++)
            (await SignInAsync(app, $"203.0.113.{i}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await SignInAsync(app, "203.0.113.9")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_wrong_proxy_in_the_configuration_stops_the_start()
        => (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => EdgeApp.StartAsync(settings: Settings(("Edge:Proxies:0", "nginx")))))
            .Message.ShouldContain("Edge:Proxies");

    static void Routes(WebApplication routes)
    {
        routes.MapPost("/api/sign-in", () => TypedResults.NoContent()).AllowAnonymous().RequireRateLimiting(RateLimits.Auth);
        routes.MapGet("/api/thing", () => TypedResults.NoContent());
    }

    static async Task<HttpResponseMessage> SignInAsync(EdgeApp app, string forwardedFor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sign-in");
        request.Headers.Add("X-Forwarded-For", forwardedFor);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        return await app.Client.SendAsync(request);
    }
}
