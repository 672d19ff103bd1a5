using System.Net;
using System.Text.Json.Nodes;
using JeanTrail.Kernel.Tests.Http;
using JeanTrail.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace JeanTrail.Kernel.Tests.Telemetry;

public sealed class HealthTests
{
    static async Task<(HttpStatusCode Status, JsonNode Body)> ReadAsync(EdgeApp app, string path = "/health/ready")
    {
        using var response = await app.Client.GetAsync(new Uri(path, UriKind.Relative));
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    [Fact]
    public async Task A_node_with_a_migrated_database_is_ready()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var app = await EdgeApp.StartAsync(connectionString: database.ConnectionString, adjust: builder => builder.Services.AddSingleton(TestDatabase.KernelMigrations));

        var (status, body) = await ReadAsync(app);

        status.ShouldBe(HttpStatusCode.OK);
        body["ready"]!.GetValue<bool>().ShouldBeTrue();
        body["checks"]!["database"]!.GetValue<string>().ShouldBe("ok");
        body["checks"]!["migrations"]!.GetValue<string>().ShouldBe("ok");
    }

    [Fact]
    public async Task A_node_whose_migrations_are_missing_is_not()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var app = await EdgeApp.StartAsync(connectionString: database.ConnectionString, adjust: builder => builder.Services.AddSingleton(TestDatabase.KernelMigrations));

        var (status, body) = await ReadAsync(app);

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body["checks"]!["migrations"]!.GetValue<string>().ShouldBe("pending");
    }

    [Fact]
    public async Task A_node_without_its_database_is_alive_but_not_ready_and_recovers_within_a_second()
    {
        await using var database = await TestDatabase.CreateAsync();
        var clock = new FakeClock();
        await using var app = await EdgeApp.StartAsync(connectionString: database.ConnectionString, clock: clock);
        (await ReadAsync(app)).Status.ShouldBe(HttpStatusCode.OK);

        await database.RefuseConnectionsAsync();
        (await ReadAsync(app)).Status.ShouldBe(HttpStatusCode.OK, "the answer is a second old at most");
        clock.Advance(TimeSpan.FromSeconds(1));
        var (status, body) = await ReadAsync(app);
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body["checks"]!["database"]!.GetValue<string>().ShouldBe("unreachable");
        (await ReadAsync(app, "/health/live")).Status.ShouldBe(HttpStatusCode.OK);

        await database.AcceptConnectionsAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        (await ReadAsync(app)).Status.ShouldBe(HttpStatusCode.OK);
    }
}
