using JeanTrail.Models.Pulls;

namespace JeanTrail.Models.Speech;

/// <summary>Where things come out, and the sums of them.</summary>
internal sealed class UnpackOutput(string into, long mostBytes, int mostFiles, UnpackRoom room, Action told, CancellationToken cancel)
{
    const int BufferBytes = 128 * 1024;
    const int MaxDepth = 8;
    const int MaxNameLength = 100;

    /// <summary>After so much the room is asked for again: it means looking at all files that are there.</summary>
    const long RoomStep = 32 << 20;

    readonly byte[] buffer = new byte[BufferBytes];
    long bytes;
    long left = long.MaxValue;
    long askAt;
    int entries;

    internal void AddFolder(string name)
    {
        Count();
        if (PathOf(name) is { } path)
            Write(() => Directory.CreateDirectory(path));
    }

    internal void AddFile(string name, long length, Stream data)
    {
        Count();
        var path = PathOf(name) ?? throw ArchiveReader.Refused("A name in it is empty.");
        if (length > mostBytes - bytes)
            throw ArchiveReader.Refused("It would grow out of all proportion.");
        CheckRoom(length);
        if (new DriveInfo(into).AvailableFreeSpace - length < room.KeepFreeBytes)
            throw new DownloadException(ModelsErrors.DiskFull);
        if (Path.Exists(path))
            throw ArchiveReader.Refused("It holds a file twice.");
        Write(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
            int read;
            while ((read = data.Read(buffer)) > 0)
            {
                cancel.ThrowIfCancellationRequested();
                if ((bytes += read) > mostBytes)
                    throw ArchiveReader.Refused("It would grow out of all proportion.");
                CheckRoom(0);
                file.Write(buffer.AsSpan(0, read));
                told();
            }
        });
    }

    static void Write(Action write)
    {
        try
        {
            write();
        }
        catch (IOException full) when (Download.IsFull(full))
        {
            throw new DownloadException(ModelsErrors.DiskFull, full);
        }
        catch (IOException clash) when (clash is not EndOfStreamException)
        {
            // A file where a folder was, or the other way round.
            throw ArchiveReader.Refused("Its names do not go together.", clash);
        }
    }

    /// <param name="length">Of what is about to come, as the archive says; what really comes is counted.</param>
    void CheckRoom(long length)
    {
        if (room.RoomBytes is { } ask && bytes >= askAt)
        {
            // What has come out until now is among what is there.
            left = ask() + bytes;
            askAt = bytes + RoomStep;
        }

        if (bytes + length > left)
            throw new DownloadException(ModelsErrors.LibraryFull);
    }

    void Count()
    {
        cancel.ThrowIfCancellationRequested();
        if (++entries > mostFiles)
            throw ArchiveReader.Refused("It holds too many files.");
    }

    /// <summary>Null for the folder itself.</summary>
    string? PathOf(string name)
    {
        var parts = name.TrimEnd('/').Split('/').SkipWhile(part => part == ".").ToArray();
        if (parts.Length == 0 || parts is [""])
            return null;
        if (parts.Length > MaxDepth || !parts.All(IsName))
            throw ArchiveReader.Refused("A name in it leads elsewhere, or is no name everywhere.");
        return Path.Combine([into, .. parts]);
    }

    static bool IsName(string part)
        => part.Length is > 0 and <= MaxNameLength && part is not "." and not ".." && !part.EndsWith('.') && part.Trim() == part
            && part.All(c => !char.IsControl(c) && !char.IsSurrogate(c) && !@"\:*?""<>|".Contains(c));
}
