using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JeanTrail.Kernel.Postgres;

/// <summary>A cluster that is ready to be served: made if it was missing, of the right version, with its way in.</summary>
internal sealed partial class Cluster
{
    const int SocketPort = 5432;

    readonly EmbeddedPostgresOptions options;
    readonly string password;
    readonly string host;
    readonly int port;

    Cluster(ClusterFolder folder, ServerAccount account, PostgresBinaries binaries, EmbeddedPostgresOptions options, string password)
    {
        Folder = folder;
        Account = account;
        Binaries = binaries;
        this.options = options;
        this.password = password;
        (host, port) = OperatingSystem.IsWindows() ? ("127.0.0.1", FreePort()) : (folder.CreateSocketFolder(account), SocketPort);
    }

    internal ClusterFolder Folder { get; }

    internal ServerAccount Account { get; }

    internal PostgresBinaries Binaries { get; }

    internal static async Task<Cluster> PrepareAsync(ClusterFolder folder, EmbeddedPostgresOptions options, TimeProvider clock, ILogger logger, CancellationToken cancel)
    {
        var account = ServerAccount.Choose();
        var binaries = await PostgresBinaries.FindAsync(options.Binaries, account, cancel);
        await folder.PlaceAsync(account, cancel);
        // Before anything touches the socket folder: an orphaned server may still be using it.
        await new LeftoverProcesses(folder, account, clock, logger).EndAsync(cancel);
        var cluster = new Cluster(folder, account, binaries, options, folder.ReadOrCreatePassword());
        if (!folder.Initialised)
        {
            await cluster.InitialiseAsync(cancel);
            LogCreated(logger, binaries.Version, folder.Cluster);
        }

        await cluster.CheckVersionAsync(cancel);
        return cluster;
    }

    /// <summary>Connection settings without pooling, for our own few errands; the data source adds its pool.</summary>
    internal NpgsqlConnectionStringBuilder Connection(string database) => new()
    {
        Host = host,
        Port = port,
        Username = EmbeddedPostgres.Role,
        Password = password,
        Database = database,
        Pooling = false,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        ApplicationName = "jeantrail",
    };

    internal List<string> ServerArguments()
    {
        var settings = ServerSettings.For(Binaries.Major, options.MaxConnections, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        settings["cluster_name"] = Folder.ProcessTag;
        settings["port"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        settings["listen_addresses"] = OperatingSystem.IsWindows() ? host : "";
        settings["unix_socket_directories"] = OperatingSystem.IsWindows() ? "" : host;
        settings["unix_socket_permissions"] = "0700";
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        return ["-D", Folder.Cluster, .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
    }

    /// <summary>Removes what a killed server left in the socket folder: its lock file names a process that may by now be somebody else's.</summary>
    internal void ClearSockets()
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var leftover in Directory.GetFiles(host, ".s.PGSQL.*"))
            File.Delete(leftover);
    }

    /// <summary>Made under another name and renamed when complete, so that an interrupted first start leaves nothing half-made.</summary>
    async Task InitialiseAsync(CancellationToken cancel)
    {
        var unfinished = Folder.Cluster + ".new";
        var passwordFile = Path.Combine(OperatingSystem.IsWindows() ? Folder.Root : host, "initial-password");
        try
        {
            ClusterFolder.WritePrivate(passwordFile, password);
            Account.Own(passwordFile);
            var (exitCode, errors) = await InitDbAsync(unfinished, passwordFile, "C.UTF-8", cancel);
            // Systems without that locale (musl, older macOS) get plain C; with the built-in provider only word boundaries differ.
            if (exitCode != 0)
                (exitCode, errors) = await InitDbAsync(unfinished, passwordFile, "C", cancel);
            if (exitCode != 0)
                throw new DatabaseStartException($"The database could not be created in {Folder.Cluster}: {errors.Trim()}");
            Directory.Move(unfinished, Folder.Cluster);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    async Task<(int ExitCode, string Errors)> InitDbAsync(string target, string passwordFile, string locale, CancellationToken cancel)
    {
        if (Directory.Exists(target))
            Directory.Delete(target, recursive: true);
        Account.CreatePrivateFolder(target);
        List<string> arguments =
        [
            "-D", target, "-U", EmbeddedPostgres.Role, "--pwfile", passwordFile, "--auth", "scram-sha-256", "--encoding", "UTF8",
            "--locale", locale, "--no-instructions", "--data-checksums", "-c", "lc_messages=C",
        ];
        // The built-in provider sorts and changes case the same on every system; PostgreSQL 17 brought it.
        if (Binaries.Major >= 17)
            arguments.AddRange(["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]);
        if (options.Settings.TryGetValue("fsync", out var fsync) && fsync == "off")
            arguments.Add("--no-sync");
        // PostgreSQL 15 knows no -c in initdb.
        if (Binaries.Major < 16)
            arguments.RemoveRange(arguments.IndexOf("-c"), 2);
        var (exitCode, _, errors) = await Account.RunAsync(Binaries.InitDb, arguments, cancel);
        return (exitCode, errors);
    }

    async Task CheckVersionAsync(CancellationToken cancel)
    {
        var version = (await File.ReadAllTextAsync(Path.Combine(Folder.Cluster, "PG_VERSION"), cancel)).Trim();
        if (version != Binaries.Major.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            throw new DatabaseStartException($"The database in {Folder.Cluster} was made by PostgreSQL {version}, but the programs in {Binaries.Folder} are version {Binaries.Version}. "
                + $"Set Database:Binaries to a PostgreSQL {version}, or move the data with pg_dump and pg_restore.");
        }
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created a PostgreSQL {Version} database in {Folder}")]
    static partial void LogCreated(ILogger logger, string version, string folder);
}
