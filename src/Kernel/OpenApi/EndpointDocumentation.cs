using Microsoft.AspNetCore.Builder;

namespace JeanTrail.Kernel.OpenApi;

/// <summary>What an endpoint can say about itself to readers of the API document, beyond what its signature says.</summary>
public static class EndpointDocumentation
{
    /// <summary>Shows a request and a successful response. Both are serialised as the endpoint would; null leaves one out.</summary>
    public static TBuilder WithExample<TBuilder>(this TBuilder endpoint, object? request = null, object? response = null)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new OperationExample(request, response));

    /// <summary>Shows a second successful response, of an endpoint that has one.</summary>
    public static TBuilder WithFurtherExample<TBuilder>(this TBuilder endpoint, int status, object response)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new FurtherExample(status, response));

    /// <summary>Names the events of a stream and the shapes of their data, so that clients get types for them.</summary>
    public static TBuilder WithStreamEvents<TBuilder>(this TBuilder endpoint, params StreamEventShape[] events)
        where TBuilder : IEndpointConventionBuilder
        => endpoint.WithMetadata(new StreamEventsMetadata(events));
}

/// <param name="Event">The event's name.</param>
/// <param name="Data">The type that its data is serialised from.</param>
/// <param name="Summary">When it is sent.</param>
public sealed record StreamEventShape(string Event, Type Data, string? Summary = null);

internal sealed record OperationExample(object? Request, object? Response);

internal sealed record FurtherExample(int Status, object Response);

internal sealed record StreamEventsMetadata(IReadOnlyList<StreamEventShape> Events);
