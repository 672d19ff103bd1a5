using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace JeanTrail.Kernel.Streaming;

/// <summary>A stream of events as an endpoint's result. Made by <see cref="SseStream.Respond"/>.</summary>
public sealed class SseResult : IResult, IStatusCodeHttpResult, IContentTypeHttpResult, IEndpointMetadataProvider
{
    internal const string MediaType = "text/event-stream";

    readonly IAsyncEnumerable<StreamEvent> source;
    readonly SseOptions options;

    internal SseResult(IAsyncEnumerable<StreamEvent> source, SseOptions options)
    {
        this.source = source;
        this.options = options;
    }

    public int? StatusCode => StatusCodes.Status200OK;

    public string? ContentType => MediaType;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var services = httpContext.RequestServices;
        var json = services.GetRequiredService<IOptions<HttpJsonOptions>>().Value.SerializerOptions;
        var stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        var clock = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var logger = services.GetRequiredService<ILogger<SseResult>>();
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        await using var pump = new SsePump(httpContext, source, options, json, clock, logger, stopping);
        await pump.RunAsync();
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
        => builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [MediaType]));
}
