using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Kernel.Postgres;

/// <summary>Where the private server keeps its things: <c>&lt;data&gt;/postgres</c> with the cluster, its password and its socket.</summary>
internal sealed class ClusterFolder : IDisposable
{
    // sockaddr_un holds 108 bytes on Linux and 104 elsewhere, with the final zero.
    const int LongestSocketPath = 103;
    const string SocketFile = "/.s.PGSQL.5432";

    readonly string dataFolder;
    readonly FileStream instanceLock;
    string? temporarySockets;

    ClusterFolder(string dataFolder, FileStream instanceLock)
    {
        this.dataFolder = dataFolder;
        this.instanceLock = instanceLock;
        Cluster = Path.Combine(Root, "cluster");
    }

    internal string Root => Path.Combine(dataFolder, "postgres");

    /// <summary>The cluster itself, with links resolved.</summary>
    internal string Cluster { get; private set; }

    /// <summary>Names this cluster in the command line of every one of its processes, so that leftovers are recognised.</summary>
    internal string ProcessTag => "jeantrail-" + Hash(Cluster);

    internal string PidFile => Path.Combine(Cluster, "postmaster.pid");

    internal bool Initialised => File.Exists(Path.Combine(Cluster, "PG_VERSION"));

    /// <summary>
    /// Takes the data folder for this process. The lock belongs to the open file, so the system frees it however the process ends.
    /// </summary>
    /// <exception cref="DatabaseStartException">The folder cannot be written, or another instance holds it.</exception>
    internal static ClusterFolder Open(string dataFolder)
    {
        dataFolder = Path.GetFullPath(dataFolder);
        var root = Path.Combine(dataFolder, "postgres");
        var holder = Path.Combine(root, "instance.pid");
        try
        {
            Directory.CreateDirectory(root);
            File.WriteAllBytes(Path.Combine(root, ".writable"), []);
            File.Delete(Path.Combine(root, ".writable"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseStartException($"The data folder {dataFolder} cannot be written: {failure.Message} Correct its permissions or choose another with --data.", failure);
        }

        FileStream taken;
        try
        {
            taken = new FileStream(Path.Combine(root, "instance.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException failure)
        {
            var who = File.Exists(holder) ? $" (process {File.ReadAllText(holder).Trim()})" : "";
            throw new DatabaseStartException($"Another JeanTrail{who} is already using the data folder {dataFolder}. Stop it, or start this one with a data folder of its own (--data).", failure);
        }

        File.WriteAllText(holder, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new ClusterFolder(dataFolder, taken);
    }

    /// <summary>
    /// Settles where the cluster lies. Root may keep its data where the server's account cannot go; the cluster then moves out to
    /// <c>/var/lib/jeantrail</c> and a link stands in its place.
    /// </summary>
    internal async Task PlaceAsync(ServerAccount account, CancellationToken cancel)
    {
        var cluster = new DirectoryInfo(Path.Combine(Root, "cluster"));
        if (cluster.LinkTarget is { } link)
            Cluster = link;
        else if (account.IsOther && !await account.CanEnterAsync(Root, cancel))
            Cluster = Relocate(cluster);
    }

    static string Relocate(DirectoryInfo cluster)
    {
        if (cluster.Exists)
            throw new DatabaseStartException($"The database account cannot reach {cluster.FullName}: a folder above it is closed. Open that folder for passing through (chmod o+x), or start JeanTrail as the user who owns it.");
        // A name of its own each time: somebody who removed the data folder wants to begin anew.
        var target = Path.Combine("/var/lib/jeantrail", "cluster-" + RandomNumberGenerator.GetHexString(10, lowercase: true));
        Directory.CreateDirectory("/var/lib/jeantrail");
        Directory.CreateSymbolicLink(cluster.FullName, target);
        return target;
    }

    /// <summary>The folder for the socket: beside the cluster, or a fresh one in the temporary folder when that path is too long for a socket.</summary>
    internal string CreateSocketFolder(ServerAccount account)
    {
        var beside = Path.Combine(Root, "run");
        var reachable = Cluster.StartsWith(Root, StringComparison.Ordinal);
        if (reachable && Encoding.UTF8.GetByteCount(beside + SocketFile) <= LongestSocketPath)
        {
            account.CreatePrivateFolder(beside);
            return beside;
        }

        RemoveOldSocketFolder();
        temporarySockets = Directory.CreateTempSubdirectory("jeantrail-").FullName;
        account.CreatePrivateFolder(temporarySockets);
        File.WriteAllText(SocketNote, temporarySockets);
        return temporarySockets;
    }

    /// <summary>The password of the cluster's only role, made on first use and readable by nobody but us.</summary>
    internal string ReadOrCreatePassword()
    {
        var path = Path.Combine(Root, "password");
        if (File.Exists(path))
            return File.ReadAllText(path).Trim();
        if (Initialised)
            throw new DatabaseStartException($"The file {path}, which holds the database password, is missing. Put it back from a backup.");
        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        WritePrivate(path, password);
        return password;
    }

    internal static void WritePrivate(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, Encoding.ASCII, options);
        writer.Write(text);
    }

    public void Dispose()
    {
        if (temporarySockets is not null)
            RemoveOldSocketFolder();
        instanceLock.Dispose();
    }

    string SocketNote => Path.Combine(Root, "run.path");

    void RemoveOldSocketFolder()
    {
        if (!File.Exists(SocketNote))
            return;
        var folder = File.ReadAllText(SocketNote);
        if (Path.GetFileName(folder).StartsWith("jeantrail-", StringComparison.Ordinal) && Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        File.Delete(SocketNote);
    }

    static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..10];
}
