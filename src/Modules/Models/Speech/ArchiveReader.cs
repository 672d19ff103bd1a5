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

/// <summary>What the disk has for it, and who wants to know how far it is.</summary>
/// <param name="KeepFreeBytes">That must stay free.</param>
/// <param name="RoomBytes">What is left of the room that all models may take; asked again and again, as others grow, too. Null is as much as there is.</param>
/// <param name="Told">How many bytes of the archive are unpacked, and of how many.</param>
internal sealed record UnpackRoom(long KeepFreeBytes = 0, Func<long>? RoomBytes = null, Action<long, long>? Told = null);

/// <summary>
/// Unpacks an archive that a stranger made. Files and folders alone come out of it: no links, no devices, no name that leads out of the folder or means
/// something to a system, none twice. What breaks a rule ends it, and the caller deletes what has come out until then.
/// </summary>
internal static class ArchiveReader
{
    const int BufferBytes = 128 * 1024;

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
    internal static void Unpack(string archive, string ending, string into, ArchiveLimits limits, UnpackRoom room, CancellationToken cancel)
    {
        var most = Math.Min(limits.Bytes, Math.Max(Harmless, new FileInfo(archive).Length * limits.Ratio));
        try
        {
            using var file = new FileStream(archive, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            var output = new UnpackOutput(into, most, limits.Files, room, () => room.Told?.Invoke(file.Position, file.Length), cancel);
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

    static void UnpackTar(TarStream plain, UnpackOutput output)
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

    static void UnpackZip(FileStream file, UnpackOutput output)
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
}
