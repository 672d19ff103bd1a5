using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Postgres;
using JeanTrail.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace JeanTrail.Kernel.Tests.Data;

public sealed class KernelDataTests
{
    [Fact]
    public async Task With_no_connection_string_it_runs_a_private_server_until_it_is_disposed_of()
    {
        var folder = EmbeddedServer.NewFolder();
        try
        {
            string connectionString;
            await using (var services = Build(("Data:Path", folder), ("Database:Settings:fsync", "off")))
            {
                var server = services.GetRequiredService<IDatabaseServer>();
                server.Embedded.ShouldBeTrue();
                connectionString = await server.StartAsync(default);
                (await services.GetRequiredService<Migrator>().ApplyAsync(default)).ShouldBeGreaterThanOrEqualTo(0);
                (await services.GetRequiredService<Db>().FindAsync<string>("show fsync", null, default)).ShouldBe("off");
            }

            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
            await Should.ThrowAsync<NpgsqlException>(() => connection.OpenAsync());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_connection_string_is_used_as_it_is()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var services = Build(("Database:ConnectionString", database.ConnectionString));

        var server = services.GetRequiredService<IDatabaseServer>();
        await server.StartAsync(default);

        server.Embedded.ShouldBeFalse();
        (await services.GetRequiredService<Db>().FindAsync<string>("select current_database()::text", null, default))
            .ShouldBe(new NpgsqlConnectionStringBuilder(database.ConnectionString).Database);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_in_time_is_said()
    {
        await using var services = Build(
            ("Database:ConnectionString", $"Host=127.0.0.1;Port={LoopbackPort.Free()};Username=jean;Password=hush;Timeout=2"),
            ("Database:StartPatience", "00:00:00"));

        var failure = await Should.ThrowAsync<DatabaseStartException>(() => services.GetRequiredService<IDatabaseServer>().StartAsync(default));

        failure.Message.ShouldContain("Database:ConnectionString cannot be used");
        failure.Message.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("Database:ConnectionString", "Nonsense=1")]
    [InlineData("Database:MaxPoolSize", "1")]
    [InlineData("Data:Path", "")]
    public async Task Settings_that_make_no_sense_are_refused(string name, string value)
    {
        await using var services = Build((name, value));

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IDatabaseServer>());
    }

    [Fact]
    public async Task Asking_for_the_connection_before_the_start_is_a_bug()
    {
        await using var services = Build(("Data:Path", "somewhere"));

        Should.Throw<InvalidOperationException>(() => services.GetRequiredService<NpgsqlDataSource>());
    }

    static ServiceProvider Build(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddKernelData(configuration).BuildServiceProvider();
    }
}
