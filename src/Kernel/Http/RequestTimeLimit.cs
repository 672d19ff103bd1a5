using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace JeanTrail.Kernel.Http;

/// <summary>
/// How long a request may take until its answer begins (<see cref="EdgeOptions.AnswerWithin"/>); the work is cancelled then. An answer that
/// has begun may take its time: it is a stream or a file, and the server's own minimum rates watch over those. Endpoints that wait for a
/// model have deadlines of their own and say <c>DisableRequestTimeout</c>.
/// </summary>
internal static class RequestTimeLimit
{
    internal static IServiceCollection AddRequestTimeLimit(this IServiceCollection services)
    {
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<EdgeOptions>>((timeouts, edge) => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = edge.Value.AnswerWithin,
            // Its body comes from whoever gives bare statuses theirs.
            TimeoutStatusCode = KernelErrors.TimedOut.Status,
        });
        return services;
    }

    internal static IApplicationBuilder UseRequestTimeLimit(this IApplicationBuilder app)
    {
        app.UseRequestTimeouts();
        return app.Use((context, next) =>
        {
            if (context.Features.Get<IHttpRequestTimeoutFeature>() is { } limit)
            {
                context.Response.OnStarting(static limit =>
                {
                    ((IHttpRequestTimeoutFeature)limit).DisableTimeout();
                    return Task.CompletedTask;
                }, limit);
            }

            return next(context);
        });
    }
}
