using System.Globalization;
using JeanTrail.Kernel.Postgres;
using JeanTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace JeanTrail.Kernel.Tests.Data;

public sealed class EmbeddedPostgresTests
{
    [Fact]
    public async Task What_was_stored_is_there_after_a_stop_and_a_start()
    {
        await using var first = await EmbeddedServer.StartAsync();
        await first.ScalarAsync("create table kept as select 42 as answer");
        var process = first.Server.ServerProcessId;
        await first.Server.DisposeAsync();
        Posix.Exists(process).ShouldBeFalse();

        await using var second = await EmbeddedServer.StartAsync(first.Folder);

        (await second.ScalarAsync("select answer from kept")).ShouldBe(42);
    }

    [Fact]
    public async Task It_is_durable_unicode_and_local_by_default()
    {
        await using var server = await EmbeddedServer.StartAsync();

        (await server.ScalarAsync("show server_encoding")).ShouldBe("UTF8");
        (await server.ScalarAsync("show listen_addresses")).ShouldBe(OperatingSystem.IsWindows() ? "127.0.0.1" : "");
        (await server.ScalarAsync("select lower('ЖАН Ê')")).ShouldBe("жан ê");
        (await server.ScalarAsync("select string_agg(distinct auth_method, ',') from pg_hba_file_rules")).ShouldBe("scram-sha-256");
        var settings = ServerSettings.For(18, 60, 8L << 30);
        settings.ShouldNotContainKey("fsync");
        settings.ShouldNotContainKey("synchronous_commit");
    }

    [Theory]
    [InlineData(0, "32MB")]
    [InlineData(8L << 30, "1024MB")]
    [InlineData(256L << 30, "2048MB")]
    public async Task It_may_keep_an_eighth_of_the_memory_and_takes_it_only_as_the_data_grows(long machineBytes, string buffers)
    {
        ServerSettings.For(18, 60, machineBytes)["shared_buffers"].ShouldBe(buffers);
        await using var server = await EmbeddedServer.StartAsync();
        (await server.ScalarAsync("select pg_size_bytes(current_setting('shared_buffers')) >= 32 * 1024 * 1024")).ShouldBe(true);
    }

    [Fact]
    public async Task A_server_that_is_killed_comes_back_with_everything_committed()
    {
        await using var server = await EmbeddedServer.StartAsync();
        await server.ScalarAsync("create table kept as select 42 as answer");
        var killed = server.Server.ServerProcessId;

        Posix.Signal(killed, Posix.Kill).ShouldBeTrue();
        await server.WhenBackAsync(killed);

        (await server.ScalarAsync("select answer from kept")).ShouldBe(42);
        server.Log.ShouldContain(line => line.Contains("ended unexpectedly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_killed_server_comes_back_while_its_children_are_still_busy()
    {
        await using var server = await EmbeddedServer.StartAsync();
        var killed = server.Server.ServerProcessId;
        var busy = server.ScalarAsync("do $$ begin loop end loop; end $$");
        await Eventually.BeTrueAsync(async () => await server.ScalarAsync("select count(*) from pg_stat_activity where query like 'do %' and state = 'active'") is 1L);

        Posix.Signal(killed, Posix.Kill).ShouldBeTrue();
        await server.WhenBackAsync(killed);

        await Should.ThrowAsync<NpgsqlException>(() => busy);
    }

    [Fact]
    public async Task It_comes_back_every_time_it_is_killed()
    {
        await using var server = await EmbeddedServer.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            var killed = server.Server.ServerProcessId;
            Posix.Signal(killed, Posix.Kill).ShouldBeTrue();
            await server.WhenBackAsync(killed);
        }
    }

    [Fact]
    public async Task A_server_that_hangs_is_ended_and_started_again()
    {
        await using var server = await EmbeddedServer.StartAsync(healthInterval: TimeSpan.FromMilliseconds(100));
        var hung = server.Server.ServerProcessId;
        const int Stop = 19;

        Posix.Signal(hung, Stop).ShouldBeTrue();
        await server.WhenBackAsync(hung);

        server.Log.ShouldContain(line => line.Contains("health checks unanswered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_instance_on_the_same_data_folder_is_refused_and_harms_nothing()
    {
        await using var first = await EmbeddedServer.StartAsync();
        await using var second = new EmbeddedServer(first.Folder);

        var failure = await Should.ThrowAsync<DatabaseStartException>(() => second.Server.StartAsync(CancellationToken.None));

        failure.Message.ShouldContain($"Another JeanTrail (process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}) is already using the data folder {first.Folder}");
        (await first.ScalarAsync("select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task The_server_that_a_killed_instance_left_running_is_taken_over()
    {
        await using var next = new EmbeddedServer();
        // What kill -9 leaves: the lock is free, the server runs, and nobody is its parent.
        int orphan;
        using (var folder = ClusterFolder.Open(next.Folder))
        {
            var cluster = await Cluster.PrepareAsync(folder, next.Options, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
            var process = ServerProcess.Start(cluster.Account, cluster.Binaries.Server, cluster.ServerArguments(), NullLogger.Instance);
            await Eventually.BeTrueAsync(() => process.IsReadyAsync(folder.PidFile, CancellationToken.None));
            orphan = process.Id;
        }

        await next.Server.StartAsync(CancellationToken.None);

        next.Server.ServerProcessId.ShouldNotBe(orphan);
        (await next.ScalarAsync("select 1")).ShouldBe(1);
        await Eventually.BeTrueAsync(() => !Posix.Exists(orphan));
    }

    [Fact]
    public async Task A_pid_file_that_names_a_stranger_does_not_keep_it_from_starting()
    {
        await using var first = await EmbeddedServer.StartAsync();
        var pidFile = Path.Combine(first.Folder, "postgres", "cluster", "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(pidFile);
        Posix.Signal(first.Server.ServerProcessId, Posix.Interrupt);
        await first.Server.DisposeAsync();
        lines[0] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(pidFile, lines);

        await using var second = await EmbeddedServer.StartAsync(first.Folder);

        (await second.ScalarAsync("select 1")).ShouldBe(1);
    }

    [Fact]
    public async Task A_first_start_that_was_interrupted_is_begun_anew()
    {
        await using var server = new EmbeddedServer();
        var halfMade = Directory.CreateDirectory(Path.Combine(server.Folder, "postgres", "cluster.new"));
        await File.WriteAllTextAsync(Path.Combine(halfMade.FullName, "PG_VERSION"), "18\n");

        await server.Server.StartAsync(CancellationToken.None);

        (await server.ScalarAsync("select 1")).ShouldBe(1);
        halfMade.Refresh();
        halfMade.Exists.ShouldBeFalse();
    }
}
