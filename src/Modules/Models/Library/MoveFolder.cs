using System.ComponentModel.DataAnnotations;
using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Errors;
using JeanTrail.Kernel.Identity;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Kernel.OpenApi;
using JeanTrail.Models.Running;
using JeanTrail.Models.Speech;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace JeanTrail.Models.Library;

internal static class MoveFolder
{
    public sealed record Request([Required, StringLength(1000)] string Folder);

    /// <param name="JobId">Its progress comes over the live connection.</param>
    public sealed record Response(Guid JobId);

    internal static void Map(RouteGroupBuilder routes)
        => routes.MapPut("/folder", Handle)
            .WithName("Models_MoveFolder")
            .WithSummary("Moves all models to another folder of the server. They answer from the old one until all are there.")
            .WithExample(new Request("/srv/models"), new Response(new Guid("019cb0b3-0f5a-7d21-a6c4-3e8b1d9f7052")))
            .RequireAuthorization(Permissions.ServerManage);

    static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(Request request, Caller caller, Db db, IJobs jobs, CancellationToken cancel)
    {
        if (!Path.IsPathFullyQualified(request.Folder) || !IsWritable(request.Folder))
            return ModelsErrors.FolderInvalid.ToProblem();
        var job = await jobs.EnqueueAsync(
            db, new JobRequest<MoveJob.Arguments>(MoveJob.Kind, new MoveJob.Arguments(Path.GetFullPath(request.Folder)), caller.UserId, UniqueKey: "move"), cancel);
        return TypedResults.Ok(new Response(job));
    }

    static bool IsWritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".probe-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}

/// <summary>Copies, switches, and only then deletes: whatever happens, each model is whole in the folder that is in use.</summary>
internal sealed class MoveJob(ModelLibrary library, ModelFolder folder, LocalEngine engine, SpeechEngine speech) : IJobHandler<MoveJob.Arguments>
{
    internal sealed record Arguments(string Folder);

    public static string Kind => "models.move";

    public async Task RunAsync(Arguments arguments, JobContext context, CancellationToken cancel)
    {
        var place = await folder.GetAsync(cancel);
        if (place == arguments.Folder)
            return;
        var models = (await library.ListAsync(cancel)).Where(model => File.Exists(model.Path)).ToList();
        var spoken = SpeechFolders.List(place);
        var parts = spoken.SelectMany(model => new DirectoryInfo(model.Path).EnumerateFiles("*", SearchOption.AllDirectories)).ToList();
        var all = models.Sum(model => model.Row.SizeBytes) + parts.Sum(file => file.Length);
        if (ModelFolder.FreeBytes(arguments.Folder) < all && Path.GetPathRoot(arguments.Folder) is not null)
            throw new JobFailedException(ModelsErrors.DiskFull);
        long before = 0;
        foreach (var (row, path) in models)
        {
            await CopyAsync(path, Path.Combine(arguments.Folder, row.File), done => context.ReportAsync((double)(before + done) / Math.Max(all, 1), row.Name, cancel), cancel);
            before += row.SizeBytes;
        }

        foreach (var file in parts)
        {
            var target = Path.Combine(arguments.Folder, Path.GetRelativePath(place, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await CopyAsync(file.FullName, target, done => context.ReportAsync((double)(before + done) / Math.Max(all, 1), file.Name, cancel), cancel);
            before += file.Length;
        }

        await folder.SetAsync(arguments.Folder, cancel);
        await library.InvalidateAsync();
        foreach (var (row, path) in models)
        {
            await engine.UnloadAsync(row.ModelId);
            File.Delete(path);
        }

        foreach (var model in spoken)
        {
            await speech.UnloadAsync(model.Name);
            Directory.Delete(model.Path, recursive: true);
        }
    }

    static async Task CopyAsync(string from, string to, Func<long, Task> told, CancellationToken cancel)
    {
        var unfinished = to + ".part";
        await using (var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan))
        await using (var target = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
        {
            var buffer = new byte[1024 * 1024];
            int read;
            while ((read = await source.ReadAsync(buffer, cancel)) > 0)
            {
                await target.WriteAsync(buffer.AsMemory(0, read), cancel);
                await told(target.Position);
            }

            target.Flush(flushToDisk: true);
        }

        File.Move(unfinished, to, overwrite: true);
    }
}
