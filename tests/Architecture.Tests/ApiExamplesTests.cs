using System.Text.Json.Nodes;
using JeanTrail.Host.Commands;

namespace JeanTrail.Architecture.Tests;

public sealed class ApiExamplesTests
{
    [Fact]
    public async Task Every_body_of_the_api_has_an_example_and_every_stream_its_events()
    {
        var document = JsonNode.Parse((await OpenApiCommand.DescribeAsync(CancellationToken.None)).Span)!.AsObject();

        document["paths"]!.AsObject().Count.ShouldBeGreaterThan(30);
        ApiExamples.Violations(document).ShouldBeEmpty();
    }

    [Fact]
    public void What_fits_is_right()
        => Check(
            """{ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Boat" }, "example": { "name": "Ida", "sails": 2, "port": null } } } }""",
            """{ "content": { "text/event-stream": { "schema": { "oneOf": [{ "type": "object" }, { "type": "object" }] } } } }""").ShouldBeEmpty();

    [Fact]
    public void A_body_without_an_example_is_found()
        => Check("""{ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Boat" } } } }""", """{ "content": { "application/json": { "schema": {} } } }""")
            .ShouldBe(["POST /boats: the request has no example.", "POST /boats: the answer 200 has no example."]);

    [Theory]
    [InlineData("""{ "type": "string" }""")]
    [InlineData("""{ "oneOf": [{ "type": "object" }] }""")]
    public void A_stream_without_events_is_found(string schema)
        => Check("{}", $$"""{ "content": { "text/event-stream": { "schema": {{schema}} } } }""").ShouldBe(["POST /boats: the answer 200 names no events."]);

    [Theory]
    [InlineData("""{ "name": "Ida", "port": null }""", "$.sails is missing")]
    [InlineData("""{ "name": "Ida", "sails": 2, "port": null, "crew": 3 }""", "$.crew is not described")]
    [InlineData("""{ "name": "Ida", "sails": 1.5, "port": null }""", "$.sails is not integer")]
    [InlineData("""{ "name": "Ida", "sails": 9, "port": null }""", "$.sails is too small or too large")]
    [InlineData("""{ "name": "Ida the Long", "sails": 2, "port": null }""", "$.name is too short or too long")]
    [InlineData("""{ "name": "Ida", "sails": 2, "port": { "name": "", "kind": "lake" } }""", """$.port.kind is not one of ["river","sea"]""")]
    [InlineData("[]", "$ is not object")]
    public void An_example_that_is_something_else_is_found(string example, string mismatch)
        => Check($$"""{ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Boat" }, "example": {{example}} } } }""", "{}")
            .ShouldBe([$"POST /boats: the request has an example that does not fit: {mismatch}."]);

    static List<string> Check(string request, string answer) => [.. ApiExamples.Violations(JsonNode.Parse($$"""
        {
          "paths": { "/boats": { "post": { "requestBody": {{request}}, "responses": { "200": {{answer}}, "404": { "content": { "application/json": {} } } } } } },
          "components": { "schemas": {
            "Boat": {
              "type": "object", "required": ["name", "sails", "port"],
              "properties": {
                "name": { "type": "string", "maxLength": 8 }, "sails": { "type": "integer", "minimum": 0, "maximum": 8 },
                "port": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Port" }] }
              }
            },
            "Port": { "type": "object", "properties": { "name": { "type": "string" }, "kind": { "type": "string", "enum": ["river", "sea"] } } }
          } }
        }
        """)!.AsObject())];
}
