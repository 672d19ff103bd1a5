using System.Security.Cryptography;
using System.Text;

namespace JeanTrail.Kernel.Secrets;

/// <summary>
/// The master keys on disk, readable by nobody but the server's user: one base64 key a line, the current one first, earlier ones after
/// it for as long as something is sealed with them. Lines that begin with <c>#</c> are for people.
/// </summary>
internal sealed class MasterKeyFile(string path)
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    internal string Path { get; } = System.IO.Path.GetFullPath(path);

    internal bool Exists => File.Exists(Path);

    /// <exception cref="MasterKeyException">The file cannot be read, holds no key, or holds something else.</exception>
    internal MasterKey[] Read()
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MasterKeyException($"The master key file {Path} cannot be read: {failure.Message}", failure);
        }

        var keys = lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(Parse).ToArray();
        return keys.Length > 0 ? keys : throw new MasterKeyException($"The master key file {Path} holds no key. Restore it from a backup.");
    }

    /// <summary>Makes the file with one new key, unless another process was quicker; either way returns what the file holds.</summary>
    internal MasterKey[] Create()
    {
        // Looking and moving are two steps on Unix: nodes that start together take turns.
        using (TakeTurn())
        {
            if (!Exists)
                File.Move(WriteTemporary([MasterKey.Generate()]), Path, overwrite: false);
        }

        return Read();
    }

    /// <summary>Holds the lock file, which stays: deleting it would let two nodes hold two files of one name.</summary>
    FileStream TakeTurn()
    {
        FileStream? turn = null;
        Exception? refusal = null;
        SpinWait.SpinUntil(Try, LockTimeout);
        return turn ?? throw CannotWrite(refusal!);

        bool Try()
        {
            try
            {
                CreateFolder(System.IO.Path.GetDirectoryName(Path)!);
                turn = new FileStream(Path + ".lock", OwnersFile(FileMode.OpenOrCreate));
                return true;
            }
            catch (IOException held)
            {
                refusal = held;
                return false;
            }
            catch (UnauthorizedAccessException denied)
            {
                refusal = denied;
                return true;
            }
        }
    }

    /// <summary>Puts a new key in front of the present ones. What they seal is sealed anew when it is next used.</summary>
    internal MasterKey[] Rotate()
    {
        File.Move(WriteTemporary([MasterKey.Generate(), .. Read()]), Path, overwrite: true);
        return Read();
    }

    string WriteTemporary(IReadOnlyList<MasterKey> keys)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        var text = new StringBuilder("# JeanTrail master keys. Without this file the secrets in the database cannot be read: back it up, apart from the database.\n");
        foreach (var key in keys)
            text.Append(Convert.ToBase64String(key.Bytes)).Append('\n');
        var temporary = System.IO.Path.Combine(folder, $".master.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        try
        {
            using var file = new FileStream(temporary, OwnersFile(FileMode.CreateNew));
            file.Write(Encoding.ASCII.GetBytes(text.ToString()));
            file.Flush(flushToDisk: true);
            return temporary;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(failure);
        }
    }

    MasterKeyException CannotWrite(Exception failure) => new($"The master key file {Path} cannot be written: {failure.Message}", failure);

    static FileStreamOptions OwnersFile(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }

    static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    MasterKey Parse(string line)
    {
        Span<byte> bytes = stackalloc byte[MasterKey.SizeBytes];
        if (!Convert.TryFromBase64String(line, bytes, out var written) || written != MasterKey.SizeBytes)
            throw new MasterKeyException($"The master key file {Path} holds a line that is not a key. Restore it from a backup.");
        var key = new MasterKey(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }
}
