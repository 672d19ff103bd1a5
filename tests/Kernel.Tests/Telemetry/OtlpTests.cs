using System.Collections.Concurrent;
using System.Text;
using JeanTrail.Kernel.Tests.Http;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Tests.Telemetry;

public sealed class OtlpTests
{
    [Fact]
    public async Task Traces_and_metrics_reach_a_collector_without_query_strings()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var collector = await EdgeApp.StartAsync(routes => routes.MapPost("/v1/{signal}", async (string signal, HttpRequest request, CancellationToken cancel) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancel);
            received.AddOrUpdate(signal, Encoding.Latin1.GetString(body.ToArray()), (_, before) => before + Encoding.Latin1.GetString(body.ToArray()));
        }).AllowAnonymous());
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Telemetry:OtlpEndpoint"] = collector.Address.ToString(),
            ["Telemetry:OtlpProtocol"] = "http",
            ["Telemetry:OtlpInterval"] = "00:00:00.200",
        };
        await using (var app = await EdgeApp.StartAsync(routes => routes.MapGet("/api/thing", () => TypedResults.NoContent()), settings: settings))
        {
            (await app.SendAsync(HttpMethod.Get, "/api/thing?q=hunter2")).Dispose();
            await Eventually.BeTrueAsync(() => received.TryGetValue("metrics", out var metrics) && metrics.Contains("http.server.request.duration", StringComparison.Ordinal));
        }

        // Stopping the server sends what is left.
        received["traces"].ShouldContain("/api/thing");
        received["traces"].ShouldNotContain("hunter2");
        received["metrics"].ShouldContain("jeantrail");
    }
}
