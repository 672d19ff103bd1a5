using System.Diagnostics;
using System.Globalization;

namespace JeanTrail.Kernel.Postgres;

/// <summary>
/// The system account that PostgreSQL runs under: our own, except when we are root, which PostgreSQL refuses: then an unprivileged one.
/// </summary>
/// <param name="Name">Null when it is our own account.</param>
internal sealed record ServerAccount(string? Name, int UserId, int GroupId)
{
    static readonly string[] Candidates = ["jeantrail", "postgres", "nobody"];

    internal bool IsOther => Name is not null;

    internal static ServerAccount Choose()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new ServerAccount(null, -1, -1);
        var accounts = File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(fields => fields.Length >= 4 && Candidates.Contains(fields[0], StringComparer.Ordinal))
            .ToDictionary(fields => fields[0], StringComparer.Ordinal);
        foreach (var name in Candidates)
        {
            if (accounts.TryGetValue(name, out var fields))
                return new ServerAccount(name, int.Parse(fields[2], CultureInfo.InvariantCulture), int.Parse(fields[3], CultureInfo.InvariantCulture));
        }

        throw new DatabaseStartException("PostgreSQL does not run as root, and this system has none of the accounts jeantrail, postgres and nobody. Create one, or start JeanTrail as an ordinary user.");
    }

    /// <summary>Makes a folder that only the server's account (and root) can enter.</summary>
    internal void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Own(path);
    }

    /// <summary>Hands a file or a folder (not what is in it) to the server's account.</summary>
    internal void Own(string path)
    {
        if (IsOther)
            Posix.ChangeOwner(path, UserId, GroupId);
    }

    /// <summary>Whether the server's account can enter the folder: an ancestor may be closed to it, as a home folder is.</summary>
    internal async Task<bool> CanEnterAsync(string folder, CancellationToken cancel)
        => !IsOther || (await RunAsync("/bin/sh", ["-c", "cd \"$0\"", folder], cancel)).ExitCode == 0;

    /// <summary>A start of a program under this account, with nothing of our environment but PATH.</summary>
    internal ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetPathRoot(Path.GetFullPath(program)),
        };
        if (OperatingSystem.IsWindows())
            return start;
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["LC_ALL"] = "C";
        if (IsOther)
            start.UserName = Name;
        return start;
    }

    /// <summary>Runs a short program to its end; an exit code of -1 says that it could not be started.</summary>
    internal async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(Command(program, arguments))!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, await output, await errors);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return (-1, "", failure.Message);
        }
    }
}
