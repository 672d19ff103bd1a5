using System.Globalization;
using System.Text.Json;
using JeanTrail.Kernel.Errors;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Gateway.Api;

/// <summary>Errors in the shape OpenAI's clients know, with our code. Source: OpenAI API reference, error codes.</summary>
internal static class ApiErrors
{
    internal const string TraceHeader = "x-jean-trace";

    /// <summary>Answers with the error; the caller has not been sent anything yet.</summary>
    /// <param name="said">The upstream's own words about a request it found wrong, in place of ours.</param>
    internal static Task WriteAsync(HttpContext context, Error error, string? said = null)
    {
        var response = context.Response;
        response.StatusCode = StatusOf(error);
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (error.Extensions?.TryGetValue("retryAfterSeconds", out var seconds) == true)
            response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
        var body = Write(error, said);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>The JSON of an error; also the data of the last event of a stream that broke.</summary>
    internal static byte[] Write(Error error, string? said = null)
        => JsonSerializer.SerializeToUtf8Bytes(new
        {
            error = new
            {
                message = said ?? error.Detail,
                type = TypeOf(error),
                param = error.Extensions?.TryGetValue("param", out var param) == true ? param as string : null,
                code = error.Code,
            },
        });

    /// <summary>A budget is OpenAI's quota: 429 too, which its clients do not repeat when the type says so.</summary>
    static string TypeOf(Error error) => StatusOf(error) switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => error.Code == "gateway.budget_exhausted" ? "insufficient_quota" : "rate_limit_error",
        >= 500 => "server_error",
        _ => error.Code == "gateway.blocked" ? "content_filter" : "invalid_request_error",
    };

    /// <summary>
    /// A busy upstream is a rate limit to the caller, whose client knows how to wait; a request that the upstream found wrong is the caller's to mend.
    /// </summary>
    static int StatusOf(Error error)
        => error.Code == GatewayErrors.RateLimited.Code ? StatusCodes.Status429TooManyRequests
            : error.Extensions?.TryGetValue("upstreamStatus", out var status) == true && status is int and >= 400 and < 500 and var wrong ? wrong
            : error.Status;
}
