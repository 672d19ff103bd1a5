using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JeanTrail.Kernel.Tests.Http;

public sealed class RequestTimeLimitTests : IAsyncLifetime
{
    static readonly Dictionary<string, string?> FourSeconds = new(StringComparer.Ordinal) { ["Edge:AnswerWithin"] = "00:00:04" };

    readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    EdgeApp app = null!;

    public async Task InitializeAsync() => app = await EdgeApp.StartAsync(
        routes =>
        {
            routes.MapGet("/api/hangs", async (CancellationToken cancel) =>
            {
                using var told = cancel.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancel);
            });
            routes.MapGet("/api/streams", async (HttpContext context) =>
            {
                await context.Response.WriteAsync("begun ");
                await context.Response.Body.FlushAsync();
                await goOn.Task.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync("ended");
            });
            routes.MapGet("/api/waits", async (HttpContext context) =>
            {
                await goOn.Task.WaitAsync(context.RequestAborted);
                return TypedResults.Ok("done");
            }).DisableRequestTimeout();
        },
        settings: FourSeconds);

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task What_does_not_answer_in_time_is_cancelled_and_said_to_be_so()
    {
        using var response = await app.SendAsync(HttpMethod.Get, "/api/hangs");

        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        problem.RootElement.GetProperty("code").GetString().ShouldBe("kernel.timed_out");
        await cancelled.Task;
    }

    [Fact]
    public async Task An_answer_that_began_and_an_endpoint_with_a_deadline_of_its_own_take_their_time()
    {
        using var stream = await app.SendAsync(HttpMethod.Get, "/api/streams");
        var waits = app.SendAsync(HttpMethod.Get, "/api/waits");
        // Asked later, and over its time: so are the other two.
        using var hung = await app.SendAsync(HttpMethod.Get, "/api/hangs");
        hung.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);

        goOn.SetResult();

        (await stream.Content.ReadAsStringAsync()).ShouldBe("begun ended");
        using var waited = await waits;
        waited.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
