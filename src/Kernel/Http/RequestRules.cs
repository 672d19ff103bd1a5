using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace JeanTrail.Kernel.Http;

/// <summary>Refuses requests to the API that no handler should have to think about.</summary>
internal sealed class RequestRules(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (KernelPaths.IsApi(request.Path) && request.ContentType is { Length: > 0 } type && !IsReadable(type))
            throw new ErrorException(KernelErrors.UnsupportedMediaType);
        return next(context);
    }

    /// <summary>JSON is UTF-8 (RFC 8259 §8.1). The framework would transcode other character sets, and throw for those it does not know.</summary>
    static bool IsReadable(string contentType)
        => MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase)
                || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));
}
