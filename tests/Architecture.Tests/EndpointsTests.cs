using JeanTrail.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Architecture.Tests;

public sealed class EndpointsTests
{
    [Fact]
    public async Task Every_endpoint_says_who_may_call_it_and_what_it_is_called()
    {
        // Built, but not started: the routes are there without a database.
        await using var app = JeanTrailHost.Build(new HostSettings(Path.GetTempPath(), Endpoint: null));
        var endpoints = All(app);

        endpoints.Count.ShouldBeGreaterThan(30);
        Endpoints.Violations(endpoints, Endpoints.Anonymous).ShouldBeEmpty();
        endpoints.Select(Endpoints.Route).Intersect(Endpoints.Anonymous, StringComparer.Ordinal)
            .ShouldBe(Endpoints.Anonymous, ignoreOrder: true, "the list names only what exists");
    }

    [Fact]
    public async Task Names_are_given_once()
    {
        await using var app = JeanTrailHost.Build(new HostSettings(Path.GetTempPath(), Endpoint: null));

        All(app).Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName).OfType<string>()
            .GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)
            .ShouldBeEmpty();
    }

    [Fact]
    public void An_endpoint_that_names_no_policy_is_found()
        => Check(app => app.MapGet("/api/sample/x", () => "").WithName("X").WithTags("Sample")).ShouldBe(["GET /api/sample/x names no policy."]);

    [Fact]
    public void An_endpoint_that_asks_for_a_session_without_saying_which_permission_is_found()
        => Check(app => app.MapGet("/api/sample/x", () => "").WithName("X").WithTags("Sample").RequireAuthorization()).ShouldBe(["GET /api/sample/x names no permission."]);

    [Fact]
    public void An_endpoint_with_a_misspelt_permission_is_found()
        => Check(app => app.MapGet("/api/sample/x", () => "").WithName("X").WithTags("Sample").RequireAuthorization("users.mange"))
            .ShouldBe(["GET /api/sample/x names the policy users.mange, which is not a permission."]);

    [Fact]
    public void An_endpoint_that_is_open_without_leave_is_found()
        => Check(app => app.MapPost("/api/sample/x", () => "").WithName("X").WithTags("Sample").AllowAnonymous())
            .ShouldBe(["POST /api/sample/x is open to everybody and not on the list."]);

    [Fact]
    public void An_endpoint_without_name_or_tag_is_found()
        => Check(app => app.MapGet("/api/sample/x", () => "").RequireAuthorization("owner")).ShouldBe(["GET /api/sample/x has no name.", "GET /api/sample/x has no tag."]);

    [Fact]
    public void An_endpoint_as_it_should_be_is_right()
        => Check(
            app =>
            {
                app.MapGet("/api/sample/x", () => "").WithName("X").WithTags("Sample").RequireAuthorization("owner");
                app.MapGet("/open", () => "").AllowAnonymous();
            }, "GET /open").ShouldBeEmpty();

    static List<string> Check(Action<WebApplication> map, params string[] anonymous)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        map(app);
        return [.. Endpoints.Violations(All(app), anonymous)];
    }

    static List<RouteEndpoint> All(IEndpointRouteBuilder app) => [.. app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
}
