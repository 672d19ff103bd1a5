using System.Net.Sockets;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Tests.Http;
using JeanTrail.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace JeanTrail.Kernel.Tests.Errors;

public sealed class ErrorMappingTests
{
    [Theory]
    [InlineData("53100", "kernel.disk_full", 507)]
    [InlineData("57P01", "kernel.database_unavailable", 503)]
    [InlineData("57P03", "kernel.database_unavailable", 503)]
    [InlineData("53300", "kernel.database_unavailable", 503)]
    [InlineData("08006", "kernel.database_unavailable", 503)]
    [InlineData("22021", "kernel.bad_request", 400)]
    [InlineData("42601", "kernel.unexpected", 500)]
    [InlineData("23505", "kernel.unexpected", 500)]
    public void What_postgresql_says_becomes_what_the_person_needs(string sqlState, string code, int status)
    {
        var error = ErrorMapping.From(new PostgresException("text", "ERROR", "ERROR", sqlState));

        error.Code.ShouldBe(code);
        error.Status.ShouldBe(status);
    }

    [Fact]
    public void A_database_that_cannot_be_reached_is_unavailable()
        => ErrorMapping.From(new NpgsqlException("failed", new SocketException((int)SocketError.ConnectionRefused))).Code.ShouldBe("kernel.database_unavailable");

    [Fact]
    public void A_full_disk_is_told_from_other_io()
    {
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var failure = Should.Throw<IOException>(() => full.WriteByte(1));

        ErrorMapping.From(failure).ShouldBe(KernelErrors.DiskFull);
        ErrorMapping.From(new IOException("other")).ShouldBe(KernelErrors.Unexpected);
    }

    [Fact]
    public async Task An_unreachable_database_answers_503_with_a_time_to_retry_and_one_log_line()
    {
        await using var app = await EdgeApp.StartAsync(routes => routes.MapGet("/api/data", async (Kernel.Data.Db db, CancellationToken cancel)
            => TypedResults.Ok(await db.FindAsync<int>("select 1", null, cancel))));

        for (var i = 0; i < 3; i++)
        {
            using var response = await app.SendAsync(HttpMethod.Get, "/api/data");
            await response.ShouldBeProblemAsync(503, "kernel.database_unavailable");
            response.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        }

        app.Logs.Entries.Count(entry => entry.Message.StartsWith("GET /api/data answered kernel.database_unavailable", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_client_that_leaves_is_not_an_error()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var app = await EdgeApp.StartAsync(routes => routes.MapGet("/api/slow", async (CancellationToken cancel) =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancel);
            }
            finally
            {
                cancelled.SetResult();
            }
        }));
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/slow");
        request.Headers.Add("Cookie", $"test={app.UserId}:{app.SessionId}");
        var sending = app.Client.SendAsync(request, leave.Token);
        await started.Task.WaitAsync(Eventually.DefaultDeadline);

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => sending);
        await cancelled.Task.WaitAsync(Eventually.DefaultDeadline);
        await app.App.StopAsync();
        app.Logs.Entries.ShouldNotContain(entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    [Fact]
    public async Task An_error_thrown_where_no_result_can_be_returned_is_answered_as_itself()
    {
        await using var app = await EdgeApp.StartAsync(routes => routes.MapGet("/api/odd", string () => throw new ErrorException(new Error("odd.teapot", 418, "Short and stout."))));

        using var response = await app.SendAsync(HttpMethod.Get, "/api/odd");

        (await response.ShouldBeProblemAsync(418, "odd.teapot"))["detail"]!.GetValue<string>().ShouldBe("Short and stout.");
    }
}
