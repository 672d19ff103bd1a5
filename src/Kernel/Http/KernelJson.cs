using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Http;

/// <summary>How JSON looks on our wire: camelCase, enums as kebab-case strings, numbers as numbers, nothing deeper than 32 levels.</summary>
public static class KernelJson
{
    /// <summary>Requests nested deeper than this are refused.</summary>
    public const int MaxDepth = 32;

    /// <summary>Read-only options for code that writes the same JSON outside of a request.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Makes minimal APIs speak it. Bad bodies throw, so that the error mapping answers them in one place.</summary>
    public static IServiceCollection AddKernelJson(this IServiceCollection services)
        => services
            .ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions))
            .Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

    /// <summary>Applies the conventions to options of somebody else's making, such as SignalR's.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = MaxDepth;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(RequireWhatCannotBeNull);
    }

    static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.MakeReadOnly();
        return options;
    }

    /// <summary>
    /// A constructor parameter without a default that cannot be null must be in the JSON: a handler never meets the null, the zero or the
    /// false of a member that was simply left out. Nullable ones may be absent.
    /// </summary>
    static void RequireWhatCannotBeNull(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        foreach (var property in type.Properties)
        {
            // Anonymous types have no setters; they are written and never read.
            if (property is { Set: not null, AssociatedParameter: { HasDefaultValue: false, IsNullable: false } parameter } && Nullable.GetUnderlyingType(parameter.ParameterType) is null)
                property.IsRequired = true;
        }
    }
}
