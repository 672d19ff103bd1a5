using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using ICSharpCode.SharpZipLib.BZip2;

namespace JeanTrail.Models.Tests.Speech;

/// <summary>Archives as makers of speech models pack them, and as nobody should.</summary>
internal static class Packed
{
    internal static byte[] Folder(string folder, string ending)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => ($"{Path.GetFileName(folder)}/{Path.GetRelativePath(folder, path)}", System.IO.File.ReadAllBytes(path))).ToArray();
        return ending == ".zip" ? Zip(files) : Pack(Tar([.. files.Select(file => File(file.Item1, file.Item2))]), ending);
    }

    internal static TarEntry File(string name, byte[] content) => new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };

    internal static TarEntry Link(TarEntryType type, string name, string target) => new PaxTarEntry(type, name) { LinkName = target };

    internal static byte[] Tar(params TarEntry[] entries)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, leaveOpen: true))
        {
            foreach (var entry in entries)
                writer.WriteEntry(entry);
        }

        return bytes.ToArray();
    }

    internal static byte[] Pack(byte[] tar, string ending)
    {
        using var bytes = new MemoryStream();
        using (Stream packing = ending.EndsWith("bz2", StringComparison.Ordinal) ? new BZip2OutputStream(bytes) { IsStreamOwner = false } : new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
            packing.Write(tar);
        return bytes.ToArray();
    }

    internal static byte[] Zip((string Name, byte[] Content)[] files, int mode = 0)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8))
        {
            foreach (var (name, content) in files)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = mode << 16;
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return bytes.ToArray();
    }
}
