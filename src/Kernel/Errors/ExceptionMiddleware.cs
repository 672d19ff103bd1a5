using JeanTrail.Kernel.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace JeanTrail.Kernel.Errors;

/// <summary>
/// Turns whatever escapes an endpoint into one ProblemDetails, and gives bare error statuses of the API a body. Once the response has
/// begun there is nothing left to say: the connection is cut, so that the client cannot take a part for the whole.
/// </summary>
internal sealed partial class ExceptionMiddleware(RequestDelegate next, TimeProvider clock, ILogger<ExceptionMiddleware> logger)
{
    /// <summary>Nobody reads it; it marks requests in logs and metrics that the client gave up. The number is nginx's.</summary>
    const int ClientClosedRequest = 499;
    static readonly TimeSpan UnavailableLogPause = TimeSpan.FromSeconds(5);

    long lastUnavailableLog = long.MinValue;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (IsBareError(context))
                await WriteAsync(context, ErrorMapping.FromStatus(context.Response.StatusCode));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = ClientClosedRequest;
        }
        catch (Exception failure)
        {
            await AnswerAsync(context, failure);
        }
    }

    async Task AnswerAsync(HttpContext context, Exception failure)
    {
        if (failure is ConnectionResetException)
            return;
        var error = ErrorMapping.From(failure);
        Log(context, error, failure);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await WriteAsync(context, error);
    }

    static async Task WriteAsync(HttpContext context, Error error)
    {
        var response = context.Response;
        foreach (var name in ContentHeaders)
            response.Headers.Remove(name);
        if (error.Extensions?.TryGetValue(ErrorMapping.RetryAfterSeconds, out var seconds) == true)
            response.Headers.RetryAfter = Convert.ToString(seconds, System.Globalization.CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        // A status that allows no body (a HEAD request) is handled by the server, which drops it.
        await ProblemJson.WriteAsync(context, error.ToProblemDetails());
    }

    static readonly string[] ContentHeaders = ["Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "ETag", "Last-Modified", "Expires"];

    static bool IsBareError(HttpContext context)
        => context.Response is { HasStarted: false, StatusCode: >= 400 and not ClientClosedRequest, ContentLength: null or 0, ContentType: null }
            && KernelPaths.IsApi(context.Request.Path);

    void Log(HttpContext context, Error error, Exception failure)
    {
        // The pattern and not the path: a path can hold ids, and a query can hold anything.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        if (error.Code == KernelErrors.Unexpected.Code)
        {
            LogUnexpected(logger, failure, context.Request.Method, route);
        }
        else if (error.Status >= 500 && failure is not IErrorException)
        {
            var last = Interlocked.Read(ref lastUnavailableLog);
            var now = clock.GetTimestamp();
            if ((last == long.MinValue || clock.GetElapsedTime(last, now) > UnavailableLogPause)
                && Interlocked.CompareExchange(ref lastUnavailableLog, now, last) == last)
                LogUnavailable(logger, context.Request.Method, route, error.Code, failure.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route} failed")]
    static partial void LogUnexpected(ILogger logger, Exception failure, string method, string route);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Route} answered {Code} after {Exception}; further ones are not logged for a few seconds")]
    static partial void LogUnavailable(ILogger logger, string method, string route, string code, string exception);
}
