using System.Formats.Tar;
using System.IO.Compression;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.BZip2;
using JeanTrail.Models.Pulls;

namespace JeanTrail.Models.Speech;

/// <summary>What an archive of a speech model may be at most.</summary>
/// <param name="Bytes">Of all files together.</param>
/// <param name="Ratio">Times the archive's own length; models are hardly smaller packed, so what grows more is made to fill a disk.</param>
internal sealed record ArchiveLimits(int Files = 5000, long Bytes = 8L << 30, int Ratio = 50);

/// <summary>
/// Unpacks an archive that a stranger made. Files and folders alone come out of it: no links, no devices, no name that leads out of the folder or means
/// something to a system, none twice. What breaks a rule ends it, and the caller deletes what has come out until then.
/// </summary>
internal static class ArchiveReader
{
    const int BufferBytes = 128 * 1024;
    const int MaxDepth = 8;
    const int MaxNameLength = 100;

    /// <summary>Of headers and padding, which no file shows.</summary>
    const long Overhead = 8 << 20;

    /// <summary>What a small archive may grow to in any case: lists of words and untrained weights are packed very well.</summary>
    const long Harmless = 16 << 20;
    const int LinkBits = 0xA000;
    const int TypeBits = 0xF000;

    static readonly string[] Endings = [".tar.bz2", ".tbz2", ".tar.gz", ".tgz", ".zip"];

    /// <summary>How a file's name ends that is unpacked here; null when it is no such file.</summary>
    internal static string? EndingOf(string name) => Array.Find(Endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <param name="into">Exists and is empty.</param>
    /// <exception cref="DownloadException">It breaks a rule, is broken, or the disk is full.</exception>
    internal static void Unpack(string archive, string ending, string into, ArchiveLimits limits, long keepFreeBytes, CancellationToken cancel)
    {
        var most = Math.Min(limits.Bytes, Math.Max(Harmless, new FileInfo(archive).Length * limits.Ratio));
        var output = new Output(into, most, limits.Files, keepFreeBytes, cancel);
        try
        {
            using var file = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            if (ending == ".zip")
            {
                UnpackZip(file, output);
                return;
            }

            using Stream plain = ending.EndsWith("bz2", StringComparison.Ordinal) ? new BZip2InputStream(file) : new GZipStream(file, CompressionMode.Decompress);
            UnpackTar(new TarStream(plain, most + Overhead), output);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException or SharpZipBaseException or ArgumentException or NotSupportedException or IndexOutOfRangeException)
        {
            throw Refused("It is broken, or no archive of the kind its name says.", broken);
        }
    }

    static void UnpackTar(TarStream plain, Output output)
    {
        using var reader = new TarReader(plain);
        while (plain.Next(reader) is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                case TarEntryType.Directory:
                    output.AddFolder(entry.Name);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                    output.AddFile(entry.Name, entry.Length, entry.DataStream ?? Stream.Null);
                    break;
                default:
                    throw Refused("It holds links or devices.");
            }
        }
    }

    static void UnpackZip(FileStream file, Output output)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        foreach (var entry in zip.Entries)
        {
            // The upper half is the mode that a Unix system wrote.
            if (((entry.ExternalAttributes >> 16) & TypeBits) == LinkBits)
                throw Refused("It holds links or devices.");
            if (entry.FullName.EndsWith('/'))
            {
                output.AddFolder(entry.FullName);
                continue;
            }

            using var data = entry.Open();
            output.AddFile(entry.FullName, entry.Length, data);
        }
    }

    internal static DownloadException Refused(string why, Exception? inner = null) => new(ModelsErrors.Unreadable($"This archive was thrown away. {why}"), inner);

    /// <summary>Where things come out, and the sums of them.</summary>
    sealed class Output(string into, long mostBytes, int mostFiles, long keepFreeBytes, CancellationToken cancel)
    {
        readonly byte[] buffer = new byte[BufferBytes];
        long bytes;
        int entries;

        internal void AddFolder(string name)
        {
            Count();
            if (PathOf(name) is { } path)
                Directory.CreateDirectory(path);
        }

        internal void AddFile(string name, long length, Stream data)
        {
            Count();
            var path = PathOf(name) ?? throw Refused("A name in it is empty.");
            if (length > mostBytes - bytes)
                throw Refused("It would grow out of all proportion.");
            if (new DriveInfo(into).AvailableFreeSpace - length < keepFreeBytes)
                throw new DownloadException(ModelsErrors.DiskFull);
            if (Path.Exists(path))
                throw Refused("It holds a file twice.");
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
                int read;
                while ((read = data.Read(buffer)) > 0)
                {
                    cancel.ThrowIfCancellationRequested();
                    if ((bytes += read) > mostBytes)
                        throw Refused("It would grow out of all proportion.");
                    file.Write(buffer.AsSpan(0, read));
                }
            }
            catch (IOException full) when (Download.IsFull(full))
            {
                throw new DownloadException(ModelsErrors.DiskFull, full);
            }
            catch (IOException clash) when (clash is not EndOfStreamException)
            {
                // A file where a folder was, or the other way round.
                throw Refused("Its names do not go together.", clash);
            }
        }

        void Count()
        {
            cancel.ThrowIfCancellationRequested();
            if (++entries > mostFiles)
                throw Refused("It holds too many files.");
        }

        /// <summary>Null for the folder itself.</summary>
        string? PathOf(string name)
        {
            var parts = name.TrimEnd('/').Split('/').SkipWhile(part => part == ".").ToArray();
            if (parts.Length == 0 || parts is [""])
                return null;
            if (parts.Length > MaxDepth || !parts.All(IsName))
                throw Refused("A name in it leads elsewhere, or is no name everywhere.");
            return Path.Combine([into, .. parts]);
        }

        static bool IsName(string part)
            => part.Length is > 0 and <= MaxNameLength && part is not "." and not ".." && !part.EndsWith('.') && part.Trim() == part
                && part.All(c => !char.IsControl(c) && !char.IsSurrogate(c) && !@"\:*?""<>|".Contains(c));
    }
}
