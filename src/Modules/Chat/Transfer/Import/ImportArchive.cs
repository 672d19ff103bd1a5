using System.IO.Compression;
using System.Text.RegularExpressions;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>An upload: a JSON file, or a ZIP with such files and what belongs to them. Nothing of it is ever written to a path that it names.</summary>
internal sealed partial class ImportArchive : IAsyncDisposable
{
    const int MaxEntries = 200_000;

    readonly Stream upload;
    readonly ZipArchive? zip;
    readonly ZipArchiveEntry[] documents;
    readonly Dictionary<string, ZipArchiveEntry> byName = new(StringComparer.Ordinal);

    ImportArchive(Stream upload, ZipArchive? zip)
    {
        this.upload = upload;
        this.zip = zip;
        documents = zip is null ? [] : [.. zip.Entries.Where(entry => Document().IsMatch(entry.Name)).OrderBy(entry => entry.FullName, StringComparer.Ordinal)];
        foreach (var entry in zip?.Entries ?? Enumerable.Empty<ZipArchiveEntry>())
        {
            byName.TryAdd(entry.FullName, entry);
            byName.TryAdd(entry.Name, entry);
        }
    }

    /// <summary>Bytes of all the JSON there is.</summary>
    public long TotalBytes => zip is null ? upload.Length : documents.Sum(entry => entry.Length);

    /// <param name="upload">Can seek; belongs to the archive from now on.</param>
    /// <exception cref="InvalidDataException">It begins as a ZIP and is none.</exception>
    public static async Task<ImportArchive> OpenAsync(Stream upload, CancellationToken cancel)
    {
        var first = new byte[4];
        var read = await upload.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancel);
        upload.Position = 0;
        if (read < 4 || !first.AsSpan().SequenceEqual("PK\x3\x4"u8))
            return new ImportArchive(upload, null);
        var opened = await ZipArchive.CreateAsync(upload, ZipArchiveMode.Read, leaveOpen: false, entryNameEncoding: null, cancel);
        if (opened.Entries.Count > MaxEntries)
            throw new InvalidDataException("There are too many files in this archive.");
        return new ImportArchive(upload, opened);
    }

    /// <summary>The JSON files, in order; each is to be closed before the next is opened.</summary>
    public async IAsyncEnumerable<Stream> DocumentsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (zip is null)
            yield return upload;
        foreach (var entry in documents)
        {
            await using var stream = await entry.OpenAsync(cancel);
            yield return stream;
        }
    }

    /// <summary>A file by its whole name, or by the id that its name begins with; null when it is not there.</summary>
    public async Task<Stream?> OpenAsync(string name, CancellationToken cancel)
    {
        if (!byName.TryGetValue(name, out var entry) && name.Length >= 8)
            entry = zip?.Entries.FirstOrDefault(one => one.Name.StartsWith(name, StringComparison.Ordinal) && one.Name.Length > name.Length && (one.Name[name.Length] is '-' or '.'));
        return entry is null ? null : await entry.OpenAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (zip is not null)
            await zip.DisposeAsync();
        await upload.DisposeAsync();
    }

    /// <summary>As ChatGPT and we call them; large exports come in numbered pieces.</summary>
    [GeneratedRegex(@"^(conversations(-\d+)?|chat|export|chat-export.*)\.json$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Document();
}
