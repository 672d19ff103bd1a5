using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JeanTrail.Kernel.OpenApi;

/// <summary>Corrects the schemas of types that serialise themselves: typed ids are UUID strings, enums are closed sets of strings.</summary>
internal sealed class SchemaShapes : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (SchemaNames.IsId(type))
        {
            schema.Type = plain == type ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "uuid";
            schema.Properties?.Clear();
        }
        else if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && SchemaNames.IsId(element))
        {
            // The exporter leaves out the items of what serialises itself, and no transformer is asked for them.
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" };
        }
        else if (plain.IsEnum && schema.Enum is { Count: > 0 } values)
        {
            var nullable = values.Any(value => value is null || value.GetValueKind() == System.Text.Json.JsonValueKind.Null);
            schema.Type = nullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 })
        {
            // What the reader of requests insists on; the exporter would also ask for every nullable parameter without a default.
            schema.Required = context.JsonTypeInfo.Properties
                .Where(property => property.IsRequired || property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: true) == true)
                .Select(property => property.Name)
                .ToHashSet(StringComparer.Ordinal);
        }

        return Task.CompletedTask;
    }
}
