using System.Globalization;
using System.Reflection;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace JeanTrail.Kernel.Streaming;

/// <summary>
/// Where a client resumes a stream whose event ids are positions: the <c>Last-Event-ID</c> header, or <c>?after=</c> where a header
/// cannot be set. Bound by minimal APIs; anything but a whole number from 0 up answers 400.
/// </summary>
/// <param name="Position">The id of the last event the client has; null to start at the beginning.</param>
public sealed record ResumeFrom(long? Position) : IEndpointParameterMetadataProvider
{
    public static ValueTask<ResumeFrom?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers["Last-Event-ID"];
        var text = header is [{ Length: > 0 }, ..] ? header[^1] : context.Request.Query["after"] is [{ Length: > 0 } after] ? after : null;
        if (text is null)
            return ValueTask.FromResult<ResumeFrom?>(new ResumeFrom((long?)null));
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? ValueTask.FromResult<ResumeFrom?>(new ResumeFrom(position))
            : throw new ErrorException(KernelErrors.Validation(
                new Dictionary<string, string[]>(StringComparer.Ordinal) { ["after"] = ["The id of an event of this stream is a whole number."] }));
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
        => builder.Metadata.Add(ResumableMetadata.Instance);
}

/// <summary>Marks an endpoint that takes a <see cref="ResumeFrom"/>, for the API document.</summary>
internal sealed class ResumableMetadata
{
    internal static readonly ResumableMetadata Instance = new();
}
