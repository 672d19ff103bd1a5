using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace JeanTrail.Kernel.OpenApi;

/// <summary>The shape of our problems, which have members beyond those of the framework's class.</summary>
internal static class ProblemShape
{
    internal static void Describe(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Description = "What went wrong (RFC 9457). The code never changes its meaning; the detail is for a person.";
        schema.Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "detail", "code" };
        schema.Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = Text("An address that names the kind of problem."),
            ["title"] = Text("The status in words."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = Text("A sentence for a person."),
            ["code"] = Text("Such as chat.turn_already_running."),
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = "Finds the request in the server's log." },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Fields that break a rule, and what to say about each.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
            ["retryAfterSeconds"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "When to try again." },
        };
        schema.AdditionalPropertiesAllowed = true;
        schema.Examples =
        [
            new JsonObject
            {
                ["type"] = "https://jeantrail.invalid/problems/kernel.not_found",
                ["title"] = "Not Found",
                ["status"] = 404,
                ["detail"] = Errors.KernelErrors.NotFound.Detail,
                ["code"] = Errors.KernelErrors.NotFound.Code,
                ["traceId"] = "0af7651916cd43dd8448eb211c80319c",
            },
        ];
    }

    static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
