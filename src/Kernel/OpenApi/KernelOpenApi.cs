using System.Security.Cryptography;
using System.Text;
using JeanTrail.Kernel.Security;
using JeanTrail.Kernel.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace JeanTrail.Kernel.OpenApi;

/// <summary>The API described for programs (<c>/openapi/v1.json</c>) and for people (<c>/docs</c>).</summary>
public static class KernelOpenApi
{
    public static IServiceCollection AddKernelOpenApi(this IServiceCollection services)
    {
        var names = new SchemaNames();
        services.AddSingleton(names);
        services.AddSingleton<ApiDocument>();
        return services.AddOpenApi(ApiDocument.Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = names.For;
            options.AddSchemaTransformer<SchemaShapes>();
            options.AddSchemaTransformer((schema, context, _) =>
            {
                if (typeof(ProblemDetails).IsAssignableFrom(context.JsonTypeInfo.Type))
                    ProblemShape.Describe(schema);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer<OperationShapes>();
            options.AddDocumentTransformer((document, _, _) =>
            {
                Introduce(document);
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>Both are anonymous: they tell what there is, and nothing of what is in it.</summary>
    public static IEndpointRouteBuilder MapKernelOpenApi(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").AllowAnonymous().ExcludeFromDescription().WithTags("Kernel");
        pages.MapGet("/openapi/v1.json", async (ApiDocument document, CancellationToken cancel)
            => Cached((await document.GetAsync(cancel)).Json, "application/json; charset=utf-8")).WithName("Kernel_OpenApi");
        pages.MapGet("/docs", async (ApiDocument document, CancellationToken cancel)
            => Cached((await document.GetAsync(cancel)).Page, "text/html; charset=utf-8")).WithName("Kernel_Docs");
        pages.MapGet("/docs/reference.css", ()
            => Cached(ReferencePage.Style, "text/css; charset=utf-8")).WithName("Kernel_DocsStyle");
        return routes;
    }

    /// <summary>The document as <c>/openapi/v1.json</c> answers it: UTF-8 JSON. The pipeline must be built, which starting the host does.</summary>
    public static async Task<ReadOnlyMemory<byte>> GetApiDocumentAsync(this IServiceProvider services, CancellationToken cancel)
        => (await services.GetRequiredService<ApiDocument>().GetAsync(cancel)).Json;

    static FileContentHttpResult Cached(byte[] bytes, string type)
        => TypedResults.Bytes(bytes, type, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\""));

    static void Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "JeanTrail",
            Version = ThisProgram.Version,
            Description = new StringBuilder()
                .Append("The API of a JeanTrail server. JSON in camelCase, enums as kebab-case strings, times as ISO 8601 in UTC. ")
                .Append("Errors are problem details (RFC 9457) with a stable code. Lists are paged with cursor and limit. ")
                .Append("Streams are server-sent events that end with done or error.")
                .ToString(),
        };
        // The address differs by who asks, and a document that differs by who asks cannot be compared.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [OperationShapes.CookieScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = "__Host-jean",
                Description = "The cookie that signing in sets; over plain http it is named jean.",
            },
            [OperationShapes.CsrfScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = CsrfMiddleware.HeaderName,
                Description = "The csrfToken of the session. Every method but GET and HEAD needs it.",
            },
            [OperationShapes.BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "For programs, instead of the cookie: an access token (jt_at_…), or an API key (jt_pat_…) where an operation names a scope. Beside a cookie it counts for nothing.",
            },
        };
    }
}
