using System.Reflection;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Kernel.Postgres;
using Microsoft.AspNetCore.Http.HttpResults;

namespace JeanTrail.Host;

/// <summary><c>GET /api/system</c>: what is running, for the About page.</summary>
internal static class SystemInfo
{
    /// <param name="Database"><c>embedded</c> or <c>external</c>.</param>
    public sealed record Response(string Version, string Database, string Runtime, DateTimeOffset StartedAt);

    internal static void Map(WebApplication app)
    {
        var version = typeof(SystemInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
        var started = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        app.MapGet("/api/system", Ok<Response> (IDatabaseServer database) => TypedResults.Ok(
                new Response(version, database.Embedded ? "embedded" : "external", System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription, started)))
            .RequireAuthorization(Policies.SignedIn).WithTags("System").WithName("System_Get").WithSummary("What is running")
            .WithExample(response: new Response("1.0.0", "embedded", ".NET 10.0.0", new(2026, 3, 14, 6, 2, 41, TimeSpan.Zero)));
    }
}
