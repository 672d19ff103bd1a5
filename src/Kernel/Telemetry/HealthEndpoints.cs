using JeanTrail.Kernel.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Kernel.Telemetry;

/// <summary><c>GET /health/live</c> (the process) and <c>GET /health/ready</c> (may it get requests), for supervisors and balancers.</summary>
internal static class HealthEndpoints
{
    public sealed record Liveness(string Status);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").AllowAnonymous().WithTags("Health");
        health.MapGet("/live", Live).WithName("Health_Live").WithSummary("Tells whether the process is alive.")
            .WithExample(response: new Liveness("live"));
        health.MapGet("/ready", ReadyAsync).WithName("Health_Ready").WithSummary("Tells whether the server can serve requests; 503 when it cannot.")
            .WithExample(response: new ReadinessReport(true, new Dictionary<string, string>(StringComparer.Ordinal) { ["database"] = "ok", ["migrations"] = "ok" }));
    }

    static Ok<Liveness> Live() => TypedResults.Ok(new Liveness("live"));

    static async Task<Results<Ok<ReadinessReport>, JsonHttpResult<ReadinessReport>>> ReadyAsync(IReadiness readiness, HttpResponse response, CancellationToken cancel)
    {
        var report = await readiness.CheckAsync(cancel);
        response.Headers.CacheControl = "no-store";
        return report.Ready ? TypedResults.Ok(report) : TypedResults.Json(report, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
