using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using JeanTrail.Kernel.Http;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Paging;
using JeanTrail.Kernel.Streaming;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace JeanTrail.Kernel.OpenApi;

/// <summary>Adds to each operation what every operation of this API has: the problems it may answer with, proof of who asks, paging.</summary>
internal sealed class OperationShapes(SchemaNames names) : IOpenApiOperationTransformer
{
    internal const string CookieScheme = "session";
    internal const string CsrfScheme = "csrf";
    internal const string BearerScheme = "bearer";

    static readonly (int Status, string Description)[] Problems =
    [
        (StatusCodes.Status400BadRequest, "The request is not well-formed or breaks a rule; errors names the fields."),
        (StatusCodes.Status401Unauthorized, "Nobody is signed in."),
        (StatusCodes.Status403Forbidden, "The caller may not do this, or did not prove where the request came from."),
        (StatusCodes.Status404NotFound, "There is nothing here, or it is somebody else's."),
        (StatusCodes.Status429TooManyRequests, "Too many requests; Retry-After says how many seconds to wait."),
    ];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<OperationExample>().LastOrDefault() is { } example)
            AddExamples(operation, example);
        foreach (var further in metadata.OfType<FurtherExample>())
            AddResponseExample(operation.Responses?.GetValueOrDefault(further.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)), further.Response);
        if (!KernelPaths.IsApi("/" + context.Description.RelativePath))
            return;
        var isAnonymous = metadata.OfType<IAllowAnonymous>().Any();
        var isUnsafe = context.Description.HttpMethod is not ("GET" or "HEAD" or null);

        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), cancellationToken: cancellationToken);
        context.Document?.AddComponent("Problem", problem);
        operation.Responses ??= [];
        foreach (var (status, description) in Problems)
        {
            if (status != StatusCodes.Status401Unauthorized || !isAnonymous)
                operation.Responses.TryAdd(status.ToString(System.Globalization.CultureInfo.InvariantCulture), new OpenApiResponse { Description = description });
        }

        foreach (var (status, response) in operation.Responses)
        {
            if (status is ['4' or '5', ..] && response is OpenApiResponse own)
            {
                own.Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [ProblemJson.MediaType] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) },
                };
                var known = Array.Find(Problems, one => status == one.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)).Description;
                own.Description = known ?? own.Description;
            }
        }

        if (!isAnonymous)
        {
            var requirement = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(CookieScheme, context.Document)] = [] };
            if (isUnsafe)
                requirement.Add(new OpenApiSecuritySchemeReference(CsrfScheme, context.Document), []);
            operation.Security = [requirement, new() { [new OpenApiSecuritySchemeReference(BearerScheme, context.Document)] = [] }];
            if (metadata.OfType<KeyAccess>().LastOrDefault() is { } access)
                operation.Description = (isUnsafe ? access.Write : access.Read) is { } scope ? $"Open to API keys with the scope {scope}." : "Open to every API key.";
        }

        operation.Parameters ??= [];
        if (metadata.OfType<PagedMetadata>().Any())
            AddPaging(operation.Parameters);
        if (metadata.OfType<StreamEventsMetadata>().LastOrDefault() is { } events)
            await DescribeEventsAsync(operation, events, context, cancellationToken);
    }

    static void AddPaging(IList<IOpenApiParameter> parameters)
    {
        parameters.Add(new OpenApiParameter
        {
            Name = "cursor",
            In = ParameterLocation.Query,
            Description = "The nextCursor of the page before; leave it out for the first page.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
        parameters.Add(new OpenApiParameter
        {
            Name = "limit",
            In = ParameterLocation.Query,
            Description = "How many items at most.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = PageRequest.MaxLimit.ToString(System.Globalization.CultureInfo.InvariantCulture), Default = PageRequest.DefaultLimit },
        });
    }

    /// <summary>The stream as a union of <c>{event, data}</c>: what a client's parser hands on.</summary>
    async Task DescribeEventsAsync(
        OpenApiOperation operation, StreamEventsMetadata events, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (operation.Responses?.GetValueOrDefault("200") is not OpenApiResponse { Content: { } content } || !content.TryGetValue(SseResult.MediaType, out var media))
            return;
        var shapes = new List<IOpenApiSchema>();
        foreach (var shape in events.Events.Append(new StreamEventShape("error", typeof(ProblemDetails), "The stream itself broke.")))
        {
            var data = await ReferenceAsync(shape.Data, context, cancel) ?? await context.GetOrCreateSchemaAsync(shape.Data, cancellationToken: cancel);
            shapes.Add(new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = shape.Summary,
                Required = new HashSet<string>(StringComparer.Ordinal) { "event", "data" },
                Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
                {
                    ["event"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(shape.Event)] },
                    ["id"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["data"] = data,
                },
            });
        }

        media.Schema = new OpenApiSchema { OneOf = shapes };
    }

    /// <summary>
    /// Adds a type to the components, or null when it is none that has a name. What the framework gives transformers has the types of
    /// its members written out in place and never null; here they become what they are in the schemas that the framework adds itself.
    /// </summary>
    async Task<IOpenApiSchema?> ReferenceAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var info = KernelJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        if (names.For(info) is not { } name)
            return null;
        var schema = await context.GetOrCreateSchemaAsync(info.Type, cancellationToken: cancel);
        if (context.Document?.AddComponent(name, schema) == true)
        {
            foreach (var property in info.Properties.Where(property => schema.Properties?.ContainsKey(property.Name) == true))
                await ReferToMemberAsync(schema.Properties!, property, context, cancel);
        }

        return new OpenApiSchemaReference(name, context.Document);
    }

    async Task ReferToMemberAsync(
        IDictionary<string, IOpenApiSchema> members, JsonPropertyInfo property, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (await ReferenceAsync(property.PropertyType, context, cancel) is { } known)
            members[property.Name] = property.IsGetNullable ? new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, known] } : known;
        else if (KernelJson.Options.GetTypeInfo(property.PropertyType).ElementType is { } element && members[property.Name] is OpenApiSchema { Items: not null } list)
            list.Items = await ReferenceAsync(element, context, cancel) ?? list.Items;
    }

    static void AddExamples(OpenApiOperation operation, OperationExample example)
    {
        if (example.Request is { } request && operation.RequestBody?.Content is { } bodies)
        {
            foreach (var body in bodies.Values)
                body.Example = JsonSerializer.SerializeToNode(request, request.GetType(), KernelJson.Options);
        }

        if (example.Response is { } response)
            AddResponseExample(operation.Responses?.FirstOrDefault(one => one.Key is ['2', ..]).Value, response);
    }

    static void AddResponseExample(IOpenApiResponse? described, object response)
    {
        if (described is not OpenApiResponse { Content: { } contents })
            return;
        foreach (var (type, body) in contents)
        {
            if (type != SseResult.MediaType)
                body.Example = JsonSerializer.SerializeToNode(response, response.GetType(), KernelJson.Options);
        }
    }
}
