using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Models.Library;
using JeanTrail.Models.Pulls;
using Microsoft.Extensions.Options;

namespace JeanTrail.Models.Speech;

/// <summary>The speech models on the disk: brings archives in, takes models out, and holds them against what they were.</summary>
internal sealed class SpeechLibrary(ModelFolder folder, SpeechEngine engine, IOptions<ModelsOptions> options, TimeProvider clock)
{
    /// <summary>Folders that come and go stand beside the models, under names that are none of a model's.</summary>
    internal const string Unfinished = ".unpacking";

    static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(500);

    internal async Task<IReadOnlyList<SpeechFolder>> ListAsync(CancellationToken cancel) => SpeechFolders.List(await folder.GetAsync(cancel));

    internal async Task<SpeechFolder?> FindAsync(string name, CancellationToken cancel) => SpeechFolders.Find(await folder.GetAsync(cancel), name);

    /// <summary>Anything of this name, also what is no model.</summary>
    internal async Task<bool> IsTakenAsync(string name, CancellationToken cancel) => Path.Exists(Path.Combine(await folder.GetAsync(cancel), name));

    /// <summary>
    /// Takes in an archive that arrived whole: it is a model in one step, or nothing of it stays. The archive is gone then, unless it was called off. Errors:
    /// <c>models.unreadable</c>, <c>models.name_taken</c>, <c>models.disk_full</c>, <c>models.library_full</c>.
    /// </summary>
    /// <param name="others">Bytes of the models of other kinds, with which it shares the room.</param>
    /// <param name="told">How many bytes of the archive are unpacked, and of how many.</param>
    internal async Task<Result<SpeechFolder>> AddAsync(Arrival arrival, string ending, Guid pull, long others, Func<long, long, Task> told, CancellationToken cancel)
    {
        var place = await folder.GetAsync(cancel);
        var work = Path.Combine(place, $".{pull:N}{Unfinished}");
        try
        {
            Clear(work);
            var raw = Directory.CreateDirectory(Path.Combine(work, "raw.tmp")).FullName;
            await UnpackAsync(arrival.Path, ending, raw, options.Value.MaxTotalBytes is { } most ? () => most - others - TotalBytes(place) : null, told, cancel);
            var finished = Path.Combine(work, arrival.Name);
            Directory.Move(Directory.GetFileSystemEntries(raw) is [var only] && Directory.Exists(only) ? only : raw, finished);
            // What it claims to be already is none of its business.
            File.Delete(Path.Combine(finished, SpeechManifest.FileName));
            File.Delete(Path.Combine(finished, SpeechManifest.DamagedName));
            if (SpeechFolders.Find(work, arrival.Name) is null)
                throw ArchiveReader.Refused("There is no speech model in it that is known here.");
            new SpeechManifest(arrival.Source, arrival.Licence, clock.GetUtcNow(), await SpeechManifest.PartsAsync(finished, told: null, cancel)).Write(finished);
            var target = Path.Combine(place, arrival.Name);
            Finish(finished, target);
            File.Delete(arrival.Path);
            return SpeechFolders.Find(place, arrival.Name)!;
        }
        catch (DownloadException refused)
        {
            File.Delete(arrival.Path);
            return refused.Error;
        }
        finally
        {
            Clear(work);
        }
    }

    /// <summary>All that stands in the folders, also in those that are still being filled.</summary>
    internal async Task<long> TotalBytesAsync(CancellationToken cancel) => TotalBytes(await folder.GetAsync(cancel));

    static long TotalBytes(string place)
    {
        // What goes away in the middle of looking takes no room any more; who is asked again sees what came.
        static long Length(FileInfo file)
        {
            try
            {
                return file.Length;
            }
            catch (FileNotFoundException)
            {
                return 0;
            }
        }

        // One walk from the top, as only below it a folder may go away unnoticed. What is not the server's to read is not of its models either.
        var inside = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var top = new DirectoryInfo(place);
        return top.EnumerateFiles("*", inside).Where(file => file.DirectoryName != top.FullName).Sum(Length);
    }

    /// <summary>Tells in between how far it is, and when it is done.</summary>
    async Task UnpackAsync(string archive, string ending, string into, Func<long>? room, Func<long, long, Task> told, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var (done, all) = (0L, new FileInfo(archive).Length);
        var unpacking = Task.Run(
            () => ArchiveReader.Unpack(archive, ending, into, new ArchiveLimits(), new UnpackRoom(options.Value.KeepFreeBytes, room, (now, _) => Volatile.Write(ref done, now)), stop.Token), stop.Token);
        try
        {
            while (!unpacking.IsCompleted)
            {
                await told(Volatile.Read(ref done), all);
                await Task.WhenAny(unpacking, Task.Delay(TellEvery, clock, stop.Token));
            }

            await unpacking;
            await told(all, all);
        }
        finally
        {
            // Nothing is written any more when the folder is deleted.
            await stop.CancelAsync();
            await unpacking.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Ends what it is saying and hearing, and deletes it. Error: <c>models.unknown</c>.</summary>
    internal async Task<Error?> RemoveAsync(string name, CancellationToken cancel)
    {
        if (await FindAsync(name, cancel) is not { } model)
            return ModelsErrors.Unknown;
        // Away in one step, so that nobody opens half of it; then its engine, which holds the files.
        var away = Path.Combine(Path.GetDirectoryName(model.Path)!, $".{Ids.New(clock):N}{Unfinished}");
        Directory.Move(model.Path, away);
        await engine.UnloadAsync(name);
        Clear(away);
        return null;
    }

    /// <summary>Whether all files are what they were. Errors: <c>models.unknown</c>, <c>models.unverifiable</c>.</summary>
    internal async Task<Result<bool>> VerifyAsync(string name, Action<long, long?>? told, CancellationToken cancel)
    {
        if (await FindAsync(name, cancel) is not { } model)
            return ModelsErrors.Unknown;
        if (SpeechManifest.Read(model.Path) is not { } manifest)
            return ModelsErrors.Unverifiable;
        var whole = (await SpeechManifest.PartsAsync(model.Path, told, cancel)).SequenceEqual(manifest.Files);
        var mark = Path.Combine(model.Path, SpeechManifest.DamagedName);
        if (whole)
        {
            File.Delete(mark);
            return true;
        }

        await File.WriteAllBytesAsync(mark, [], cancel);
        await engine.UnloadAsync(name);
        return false;
    }

    static void Finish(string finished, string target)
    {
        try
        {
            Directory.Move(finished, target);
        }
        catch (IOException taken) when (Path.Exists(target))
        {
            throw new DownloadException(ModelsErrors.NameTaken, taken);
        }
    }

    static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
