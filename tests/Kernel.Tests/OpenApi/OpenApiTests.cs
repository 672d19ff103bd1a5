using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json.Nodes;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Paging;
using JeanTrail.Kernel.Streaming;
using JeanTrail.Kernel.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JeanTrail.Kernel.Tests.OpenApi;

public enum PaintKind
{
    WaterColour,
    Oil,
}

/// <param name="Owner">A typed id.</param>
public sealed record Painting(UserId Owner, Guid Id, string Title, string? Note, PaintKind Kind, PaintKind? Former, PaintingSize? Size, int Layers, long? Price, DateTimeOffset CreatedAt, IReadOnlyList<UserId> Owners);

public sealed record PaintingSize(double Width, double Height);

public static class CreatePainting
{
    public sealed record Request([property: Required, StringLength(100)] string Title, PaintKind Kind, string? Note, int Layers = 1);
}

public static class RenamePainting
{
    public sealed record Request([property: Required, StringLength(100)] string Title);
}

public sealed record PaintDelta(string Text);

public sealed record PaintStroke(PaintBrush Brush, PaintBrush? Former, IReadOnlyList<PaintBrush> Others, PaintPressure? Pressure, Guid? Id);

public sealed record PaintBrush(int Width, PaintBristle? Bristle);

public sealed record PaintBristle(string Hair);

public enum PaintPressure
{
    Light,
    Firm,
}

public sealed class OpenApiFixture : IAsyncLifetime
{
    public EdgeApp App { get; private set; } = null!;

    public JsonNode Document { get; private set; } = null!;

    internal static void Map(WebApplication app)
    {
        var paintings = app.MapGroup("/api/paintings").WithTags("Paintings");
        paintings.MapPut("/{id:guid}/title", Results<NoContent, NotFound> (Guid id, RenamePainting.Request request) => TypedResults.NoContent())
            .WithName("Paintings_Rename").WithSummary("Renames a painting.");
        paintings.MapPost("", Created<Painting> (CreatePainting.Request request) => TypedResults.Created("", Sample(request.Title)))
            .WithName("Paintings_Create").WithSummary("Makes a <painting> & keeps it.")
            .WithExample(new CreatePainting.Request("Sea", PaintKind.Oil, null), Sample("Sea"));
        paintings.MapGet("", (PageRequest page) => TypedResults.Ok(Page.Whole<Painting>([]))).WithName("Paintings_List");
        paintings.MapGet("/{id:guid}/events", SseResult (Guid id) => throw new NotSupportedException())
            .WithName("Paintings_Follow").WithStreamEvents(new StreamEventShape("delta", typeof(PaintDelta)), new StreamEventShape("stroke", typeof(PaintStroke)), new StreamEventShape("done", typeof(Painting)));
        app.MapGet("/api/open", () => TypedResults.Ok(1)).AllowAnonymous().WithName("Open_Get").WithTags("Open");
    }

    static Painting Sample(string title) => new(default, Guid.Empty, title, null, PaintKind.Oil, null, new PaintingSize(1, 2), 1, null, DateTimeOffset.UnixEpoch, []);

    public async Task InitializeAsync()
    {
        App = await EdgeApp.StartAsync(Map);
        Document = JsonNode.Parse(await App.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!;
    }

    public async Task DisposeAsync() => await App.DisposeAsync();
}

public sealed class OpenApiTests(OpenApiFixture fixture) : IClassFixture<OpenApiFixture>
{
    readonly JsonNode document = fixture.Document;

    JsonNode Schema(string name) => document["components"]!["schemas"]![name].ShouldNotBeNull($"{name} in {document["components"]!["schemas"]!.AsObject().Select(one => one.Key).Aggregate((all, one) => $"{all}, {one}")}");

    JsonNode Property(string schema, string name) => Schema(schema)["properties"]![name].ShouldNotBeNull();

    static string[] Required(JsonNode schema) => [.. (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>())];

    [Fact]
    public void The_document_introduces_itself_and_names_how_to_sign_in()
    {
        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        document["info"]!["title"]!.GetValue<string>().ShouldBe("JeanTrail");
        document["components"]!["securitySchemes"]!["session"]!["in"]!.GetValue<string>().ShouldBe("cookie");
        document["components"]!["securitySchemes"]!["csrf"]!["name"]!.GetValue<string>().ShouldBe("X-CSRF-Token");
    }

    [Fact]
    public void Types_are_what_the_wire_carries()
    {
        Property("Painting", "owner")["type"]!.GetValue<string>().ShouldBe("string");
        Property("Painting", "owner")["format"]!.GetValue<string>().ShouldBe("uuid");
        Property("Painting", "owners")["type"]!.GetValue<string>().ShouldBe("array");
        Property("Painting", "owners")["items"]!.ToJsonString().ShouldBe("""{"type":"string","format":"uuid"}""");
        Property("Painting", "id")["format"]!.GetValue<string>().ShouldBe("uuid");
        Property("Painting", "layers")["type"]!.GetValue<string>().ShouldBe("integer");
        Property("Painting", "layers")["pattern"].ShouldBeNull();
        Property("Painting", "note")["type"]!.ToJsonString().ShouldContain("null");
        Property("Painting", "title")["type"]!.GetValue<string>().ShouldBe("string");
        Property("Painting", "price")["type"]!.ToJsonString().ShouldContain("null");
        Property("Painting", "createdAt")["format"]!.GetValue<string>().ShouldBe("date-time");
        Schema("PaintKind")["enum"]!.ToJsonString().ShouldBe("""["water-colour","oil"]""");
        Schema("PaintKind")["type"]!.GetValue<string>().ShouldBe("string");
        Property("Painting", "size").ToJsonString().ShouldContain("#/components/schemas/PaintingSize");
        Property("Painting", "size").ToJsonString().ShouldContain("null");
        Property("Painting", "former").ToJsonString().ShouldContain("null");
    }

    [Fact]
    public void Answers_hold_every_member_and_requests_need_only_what_cannot_be_left_out()
    {
        Required(Schema("Painting")).Length.ShouldBe(11);
        Required(Schema("CreatePaintingRequest")).Order().ShouldBe(["kind", "title"]);
        Required(Schema("RenamePaintingRequest")).ShouldBe(["title"]);
        Property("CreatePaintingRequest", "title")["maxLength"]!.GetValue<int>().ShouldBe(100);
    }

    [Fact]
    public void Every_operation_names_its_problems_and_who_may_ask()
    {
        foreach (var operation in DocumentOrder.Operations((JsonObject)document).Where(one => one["operationId"]!.GetValue<string>().StartsWith("Paintings_", StringComparison.Ordinal)))
        {
            foreach (var status in (string[])["400", "401", "403", "404", "429"])
                operation["responses"]![status]!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/Problem");
            operation["security"]![0]!.AsObject().ShouldContainKey("session");
        }

        document["paths"]!["/api/paintings"]!["post"]!["security"]![0]!.AsObject().ShouldContainKey("csrf");
        document["paths"]!["/api/paintings"]!["get"]!["security"]![0]!.AsObject().ShouldNotContainKey("csrf");
        document["paths"]!["/api/open"]!["get"]!["responses"]!.AsObject().ShouldNotContainKey("401");
        document["paths"]!["/api/open"]!["get"]!.AsObject().ShouldNotContainKey("security");
        Required(Schema("Problem")).ShouldContain("code");
    }

    [Fact]
    public void Lists_streams_and_examples_are_described()
    {
        document["paths"]!["/api/paintings"]!["get"]!["parameters"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()).ShouldBe(["cursor", "limit"]);
        Schema("PageOfPainting")["properties"]!["nextCursor"]!["type"]!.ToJsonString().ShouldContain("null");
        var follow = document["paths"]!["/api/paintings/{id}/events"]!["get"]!;
        follow["parameters"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()).ShouldBe(["id"]);
        var events = follow["responses"]!["200"]!["content"]!["text/event-stream"]!["schema"]!["oneOf"]!.AsArray();
        events.Select(one => one!["properties"]!["event"]!["enum"]![0]!.GetValue<string>()).ShouldBe(["delta", "stroke", "done", "error"]);
        Schema("PaintDelta").ShouldNotBeNull();
        document["paths"]!["/api/paintings"]!["post"]!["requestBody"]!["content"]!["application/json"]!["example"]!["kind"]!.GetValue<string>().ShouldBe("oil");
        document["paths"]!["/api/paintings"]!["post"]!["responses"]!["201"]!["content"]!["application/json"]!["example"]!["title"]!.GetValue<string>().ShouldBe("Sea");
    }

    [Fact]
    public void What_only_streams_carry_is_described_like_any_answer()
    {
        Property("PaintStroke", "brush").ToJsonString().ShouldBe("""{"$ref":"#/components/schemas/PaintBrush"}""");
        Property("PaintStroke", "former").ToJsonString().ShouldBe("""{"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/PaintBrush"}]}""");
        Property("PaintStroke", "others").ToJsonString().ShouldBe("""{"type":"array","items":{"$ref":"#/components/schemas/PaintBrush"}}""");
        Property("PaintStroke", "pressure").ToJsonString().ShouldBe("""{"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/PaintPressure"}]}""");
        Property("PaintStroke", "id")["format"]!.GetValue<string>().ShouldBe("uuid");
        Property("PaintBrush", "bristle").ToJsonString().ShouldBe("""{"oneOf":[{"type":"null"},{"$ref":"#/components/schemas/PaintBristle"}]}""");
        Schema("PaintPressure")["enum"]!.ToJsonString().ShouldBe("""["light","firm"]""");
        Required(Schema("PaintBristle")).ShouldBe(["hair"]);
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var schemas = document["components"]!["schemas"]!.AsObject();
        var missing = References(document).Where(reference => !schemas.ContainsKey(reference.Split('/')[^1])).ToArray();

        missing.ShouldBeEmpty();

        static IEnumerable<string> References(JsonNode? node) => node switch
        {
            JsonObject item => item.SelectMany(member => member.Key == "$ref" ? [member.Value!.GetValue<string>()] : References(member.Value)),
            JsonArray items => items.SelectMany(References),
            _ => [],
        };
    }

    [Fact]
    public async Task Another_start_writes_the_same_bytes_in_order()
    {
        await using var again = await EdgeApp.StartAsync(OpenApiFixture.Map);
        using var first = await fixture.App.Client.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        using var second = await again.Client.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative));

        (await second.Content.ReadAsByteArrayAsync()).ShouldBe(await first.Content.ReadAsByteArrayAsync());
        second.Headers.ETag.ShouldBe(first.Headers.ETag);
        var paths = document["paths"]!.AsObject().Select(path => path.Key).ToArray();
        paths.ShouldBe(paths.Order(StringComparer.Ordinal));
        using var conditional = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        conditional.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        (await again.Client.SendAsync(conditional)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task The_page_lists_every_operation_without_scripts_or_inline_styles()
    {
        var page = await fixture.App.Client.GetStringAsync(new Uri("/docs", UriKind.Relative));

        foreach (var id in DocumentOrder.Operations((JsonObject)document).Select(one => one["operationId"]!.GetValue<string>()))
            page.ShouldContain($"id=\"{id.Replace('_', '-')}\"");
        page.ShouldContain("Makes a &lt;painting&gt; &amp; keeps it.");
        page.ShouldContain("id=\"schema-Painting\"");
        page.ShouldNotContain("<script");
        page.ShouldNotContain("<style");
        page.ShouldNotContain(" style=");
        page.ShouldNotContain("http://");
        using var style = await fixture.App.Client.GetAsync(new Uri("/docs/reference.css", UriKind.Relative));
        style.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
    }
}
