using JeanTrail.Kernel.Postgres;

namespace JeanTrail.Kernel.Tests.Data;

/// <summary>Folders, programs and versions that are not as they should be.</summary>
public sealed class EmbeddedPostgresPlacesTests
{
    const string SystemPostgres15 = "/usr/lib/postgresql/15/bin";

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            await using var server = new EmbeddedServer(Path.Combine(file, "data"));

            var failure = await Should.ThrowAsync<DatabaseStartException>(() => server.Server.StartAsync(CancellationToken.None));

            failure.Message.ShouldContain($"The data folder {file}/data cannot be written");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_cluster_of_another_major_version_is_left_alone()
    {
        await using var first = await EmbeddedServer.StartAsync();
        await first.Server.DisposeAsync();
        var version = Path.Combine(first.Folder, "postgres", "cluster", "PG_VERSION");
        await File.WriteAllTextAsync(version, "14\n");

        await using var second = new EmbeddedServer(first.Folder);
        var failure = await Should.ThrowAsync<DatabaseStartException>(() => second.Server.StartAsync(CancellationToken.None));

        failure.Message.ShouldContain("was made by PostgreSQL 14");
    }

    [Fact]
    public async Task A_lost_password_file_is_named()
    {
        await using var first = await EmbeddedServer.StartAsync();
        await first.Server.DisposeAsync();
        File.Delete(Path.Combine(first.Folder, "postgres", "password"));

        await using var second = new EmbeddedServer(first.Folder);
        var failure = await Should.ThrowAsync<DatabaseStartException>(() => second.Server.StartAsync(CancellationToken.None));

        failure.Message.ShouldContain(Path.Combine(first.Folder, "postgres", "password"));
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_the_server_is_stopped()
    {
        await using var first = await EmbeddedServer.StartAsync();
        await first.Server.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(first.Folder, "postgres", "password"), "wrong");

        await using var second = new EmbeddedServer(first.Folder);
        var failure = await Should.ThrowAsync<DatabaseStartException>(() => second.Server.StartAsync(CancellationToken.None));

        failure.Message.ShouldContain("does not let us in");
        failure.Message.ShouldNotContain("wrong");
        File.Exists(Path.Combine(first.Folder, "postgres", "cluster", "postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task Programs_that_are_not_there_are_named()
    {
        await using var server = new EmbeddedServer(binaries: "/nonexistent/postgres/bin");

        var failure = await Should.ThrowAsync<DatabaseStartException>(() => server.Server.StartAsync(CancellationToken.None));

        failure.Message.ShouldContain("Database:Binaries names /nonexistent/postgres/bin");
    }

    [Fact]
    public async Task A_path_too_long_for_a_socket_gets_its_socket_elsewhere_and_leaves_nothing_there()
    {
        var root = EmbeddedServer.NewFolder();
        var before = Directory.GetDirectories(Path.GetTempPath(), "jeantrail-*").ToHashSet(StringComparer.Ordinal);
        try
        {
            string host;
            await using (var server = await EmbeddedServer.StartAsync(Path.Combine(root, new string('x', 120))))
            {
                host = new Npgsql.NpgsqlConnectionStringBuilder(server.Server.ConnectionString).Host!;
                (await server.ScalarAsync("select 1")).ShouldBe(1);
                host.Length.ShouldBeLessThan(80);
                if (!OperatingSystem.IsWindows())
                    File.GetUnixFileMode(host).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            Directory.Exists(host).ShouldBeFalse();
            before.ShouldNotContain(host);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [SystemPostgres15Fact]
    public async Task The_PostgreSQL_15_of_Debian_serves_as_well()
    {
        await using var server = await EmbeddedServer.StartAsync(binaries: SystemPostgres15);

        ((string)(await server.ScalarAsync("show server_version"))!).ShouldStartWith("15.");
        (await server.ScalarAsync("select lower('ЖАН')")).ShouldBe("жан");
    }

    [RootFact]
    public async Task Root_may_keep_its_data_and_programs_in_a_closed_folder()
    {
        var closed = Directory.CreateTempSubdirectory("jeantrail-closed-");
        string? outside = null;
        try
        {
            var programs = Path.Combine(closed.FullName, "programs");
            var installed = (await PostgresBinaries.FindAsync(null, ServerAccount.Choose(), CancellationToken.None)).Folder;
            Directory.CreateSymbolicLink(programs, Path.GetDirectoryName(installed)!);
            var data = Path.Combine(closed.FullName, "data");

            await using (var server = await EmbeddedServer.StartAsync(data, Path.Combine(programs, Path.GetFileName(installed))))
                await server.ScalarAsync("create table kept as select 42 as answer");
            await using (var again = await EmbeddedServer.StartAsync(data))
                (await again.ScalarAsync("select answer from kept")).ShouldBe(42);

            outside = Directory.ResolveLinkTarget(Path.Combine(data, "postgres", "cluster"), returnFinalTarget: true)?.FullName;
            outside.ShouldNotBeNull().ShouldStartWith("/var/lib/jeantrail/cluster-");
        }
        finally
        {
            closed.Delete(recursive: true);
            if (outside is not null)
                Directory.Delete(outside, recursive: true);
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    sealed class SystemPostgres15FactAttribute : FactAttribute
    {
        public SystemPostgres15FactAttribute() => Skip = Directory.Exists(SystemPostgres15) ? null : "Debian's postgresql-15 is not installed.";
    }

    [AttributeUsage(AttributeTargets.Method)]
    sealed class RootFactAttribute : FactAttribute
    {
        public RootFactAttribute() => Skip = !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess ? null : "Only root drops to another account.";
    }
}
