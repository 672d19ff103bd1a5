using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Paging;
using JeanTrail.Kernel.Security;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Tests.Http;

public enum Shade
{
    DarkRed,
    Blue,
}

public sealed record PaintRequest([property: Required, StringLength(20, MinimumLength = 1)] string Title, Guid Id, Shade Shade, int Layers, string? Note, PaintInner? Inner = null);

public sealed record PaintInner([property: Range(1, 5)] int Size);

public sealed class BadInputFixture : IAsyncLifetime
{
    TestDatabase? database;

    public EdgeApp App { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        App = await EdgeApp.StartAsync(app =>
        {
            app.MapPost("/api/paint", (PaintRequest request) => TypedResults.Ok(request));
            app.MapPost("/api/large", (PaintRequest request) => TypedResults.Ok(request)).WithBodyLimit(3 * 1024 * 1024);
            app.MapGet("/api/things/{id:guid}", (Guid id) => TypedResults.Ok(id));
            app.MapGet("/api/number", (int n) => TypedResults.Ok(n));
            app.MapGet("/api/list", (PageRequest page) => TypedResults.Ok(page.Limit));
            app.MapGet("/api/echo", async (string text, Db db, CancellationToken cancel)
                => TypedResults.Ok(await db.FindAsync<string>("select @text::text", new { text }, cancel)));
            app.MapPost("/api/store", async (PaintRequest request, Db db, CancellationToken cancel)
                => TypedResults.Ok(await db.FindAsync<string>("select @Note::jsonb::text", new { Note = System.Text.Json.JsonSerializer.Serialize(request.Note) }, cancel)));
            app.MapGet("/api/bug", string () => throw new InvalidOperationException("secret words of the bug"));
        }, database.ConnectionString, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Edge:RequestBurst"] = "100000" });
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await database!.DisposeAsync();
    }
}

public sealed class BadInputTests(BadInputFixture fixture) : IClassFixture<BadInputFixture>
{
    const string Good = """{"title":"Sea","id":"0190f1a0-0000-7000-8000-000000000001","shade":"dark-red","layers":2}""";

    readonly EdgeApp app = fixture.App;

    [Fact]
    public async Task Good_input_is_accepted()
    {
        using var response = await app.PostJsonAsync("/api/paint", Good);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"shade\":\"dark-red\"");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"title\":\"Sea\",}")]
    [InlineData("{\"title\":\"Sea\" \"id\":1}")]
    [InlineData("{\"title\":\"a\",\"title\":\"b\",\"id\":\"0190f1a0-0000-7000-8000-000000000001\",\"shade\":\"blue\",\"layers\":1}")]
    public async Task Malformed_json_answers_400(string body)
    {
        using var response = await app.PostJsonAsync("/api/paint", body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"kernel.");
    }

    [Theory]
    [InlineData("title", "\"Sea\"", "7")]
    [InlineData("id", "\"0190f1a0-0000-7000-8000-000000000001\"", "\"not-a-uuid\"")]
    [InlineData("shade", "\"dark-red\"", "\"green\"")]
    [InlineData("shade", "\"dark-red\"", "0")]
    [InlineData("layers", "2", "\"2\"")]
    [InlineData("layers", "2", "1.5")]
    [InlineData("layers", "2", "99999999999")]
    [InlineData("title", "\"Sea\"", "\"\\ud800\"")]
    [InlineData("title", "\"Sea\"", "null")]
    public async Task A_value_of_the_wrong_type_is_named(string field, string good, string bad)
    {
        using var response = await app.PostJsonAsync("/api/paint", Good.Replace(good, bad, StringComparison.Ordinal));

        var problem = await response.ShouldBeProblemAsync(400, "kernel.validation");
        problem["errors"]![field].ShouldNotBeNull(problem.ToJsonString());
    }

    [Fact]
    public async Task A_missing_member_is_named()
    {
        using var response = await app.PostJsonAsync("/api/paint", """{"title":"Sea","shade":"blue","layers":1}""");

        var problem = await response.ShouldBeProblemAsync(400, "kernel.validation");
        problem["errors"]!["id"].ShouldNotBeNull(problem.ToJsonString());
    }

    [Fact]
    public async Task A_broken_rule_is_named_as_the_json_spells_it()
    {
        using var response = await app.PostJsonAsync("/api/paint",
            Good.Replace("Sea", "A title of more than twenty letters", StringComparison.Ordinal).Replace("}", ",\"inner\":{\"size\":9}}", StringComparison.Ordinal));

        var problem = await response.ShouldBeProblemAsync(400, "kernel.validation");
        problem["errors"]!["title"].ShouldNotBeNull(problem.ToJsonString());
        problem["errors"]!["inner.size"].ShouldNotBeNull(problem.ToJsonString());
    }

    [Fact]
    public async Task A_client_that_accepts_only_streams_can_read_the_refusal()
    {
        var content = new StringContent(Good.Replace("Sea", "", StringComparison.Ordinal), Encoding.UTF8, "application/json");
        using var response = await app.SendAsync(HttpMethod.Post, "/api/paint", content, headers => headers.Add("Accept", "text/event-stream"));

        await response.ShouldBeProblemAsync(400, "kernel.validation");
    }

    [Fact]
    public async Task Json_deeper_than_32_levels_answers_400()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"inner\":", 40)) + "1" + new string('}', 40);

        using var response = await app.PostJsonAsync("/api/paint", deep);
        using var unknown = await app.PostJsonAsync("/api/paint", Good.Replace("}", ",\"more\":" + new string('[', 5000) + new string(']', 5000) + "}", StringComparison.Ordinal));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        unknown.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Bad_utf8_in_the_body_answers_400()
    {
        var body = Encoding.UTF8.GetBytes(Good);
        body[Good.IndexOf("Sea", StringComparison.Ordinal)] = 0xff;

        using var response = await app.PostBytesAsync("/api/paint", body, "application/json");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/api/echo?text=%00", 400)]
    [InlineData("/api/echo?text=%ff%fe", 200)]
    [InlineData("/api/echo?text=%ed%a0%80", 200)]
    [InlineData("/api/number?n=abc", 400)]
    [InlineData("/api/number", 400)]
    [InlineData("/api/number?n=1&n=2", 400)]
    [InlineData("/api/list?limit=0", 400)]
    [InlineData("/api/list?limit=201", 400)]
    [InlineData("/api/list?limit=ten", 400)]
    [InlineData("/api/list?cursor=abc", 400)]
    [InlineData("/api/list?cursor=%00%ff", 400)]
    [InlineData("/api/list?limit=5", 200)]
    [InlineData("/api/things/%ff", 404)]
    [InlineData("/api/%c0%af", 404)]
    public async Task Odd_addresses_never_break_the_server(string path, int status)
    {
        var answer = await app.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("a\\u0000b")]
    public async Task Text_that_the_database_cannot_hold_answers_400(string text)
    {
        using var response = await app.PostJsonAsync("/api/store", Good.Replace("}", $",\"note\":\"{text}\"}}", StringComparison.Ordinal));

        await response.ShouldBeProblemAsync(400, "kernel.bad_request");
    }

    [Fact]
    public async Task An_oversized_body_answers_413_and_an_endpoint_may_take_more()
    {
        var large = Good.Replace("}", $",\"note\":\"{new string('x', 1_200_000)}\"}}", StringComparison.Ordinal);

        using var refused = await app.PostJsonAsync("/api/paint", large);
        using var taken = await app.PostJsonAsync("/api/large", large);

        await refused.ShouldBeProblemAsync(413, "kernel.too_large");
        taken.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Oversized_headers_answer_431_and_lines_414()
    {
        (await app.SendRawAsync($"GET /api/number?n=1 HTTP/1.1\r\nHost: x\r\nX-Big: {new string('x', 40_000)}\r\n\r\n")).ShouldStartWith("HTTP/1.1 431 ");
        (await app.SendRawAsync($"GET /api/number?n={new string('1', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n")).ShouldStartWith("HTTP/1.1 414 ");
        (await app.SendRawAsync("NONSENSE\r\n\r\n", signedIn: false)).ShouldStartWith("HTTP/1.1 400 ");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("not a type")]
    public async Task A_body_that_is_not_json_in_utf8_answers_415(string contentType)
    {
        using var response = await app.PostBytesAsync("/api/paint", Encoding.UTF8.GetBytes(Good), contentType);

        await response.ShouldBeProblemAsync(415, "kernel.unsupported_media_type");
    }

    [Fact]
    public async Task Unknown_addresses_and_methods_answer_with_problems()
    {
        using var unknown = await app.SendAsync(HttpMethod.Get, "/api/nothing/here");
        using var method = await app.SendAsync(HttpMethod.Delete, "/api/number?n=1");
        using var anonymous = await app.Client.GetAsync("/api/nothing/here");

        await unknown.ShouldBeProblemAsync(404, "kernel.not_found");
        await method.ShouldBeProblemAsync(405, "kernel.method_not_allowed");
        method.Content.Headers.Allow.ShouldContain("GET");
        await anonymous.ShouldBeProblemAsync(401, "kernel.unauthenticated");
    }

    [Fact]
    public async Task A_bug_answers_500_tells_nothing_and_logs_the_trace()
    {
        using var response = await app.SendAsync(HttpMethod.Get, "/api/bug?password=hunter2");

        var problem = await response.ShouldBeProblemAsync(500, "kernel.unexpected");
        problem.ToJsonString().ShouldNotContain("secret words");
        var line = app.Logs.Entries.Single(entry => entry.Message == "GET /api/bug failed");
        line.Exception.ShouldBeOfType<InvalidOperationException>();
        app.Logs.AllText.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Whatever_bytes_come_the_answer_is_below_500()
    {
        var random = new Random(20261120);
        for (var round = 0; round < 300; round++)
        {
            var body = Encoding.UTF8.GetBytes(Good);
            for (var change = random.Next(1, 6); change > 0; change--)
                body[random.Next(body.Length)] = (byte)random.Next(256);

            using var response = await app.PostBytesAsync("/api/paint", body, "application/json");

            ((int)response.StatusCode).ShouldBeLessThan(500, Convert.ToBase64String(body));
        }
    }
}
