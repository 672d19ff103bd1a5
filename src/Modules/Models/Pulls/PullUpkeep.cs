using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Models.Library;
using JeanTrail.Models.Speech;

namespace JeanTrail.Models.Pulls;

/// <summary>Ends pulls whose job is over without having said so, starts those that wait, and sweeps up files that belong to none.</summary>
internal sealed class PullUpkeep(Db db, IJobs jobs, PullQueue queue, ModelFolder folder, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Files that grow belong to somebody, if only to a command line that writes nothing into the database.</summary>
    static readonly TimeSpan Left = TimeSpan.FromHours(6);

    const string RunningSql = $"select {PullRow.Columns} from models.pull where state = 'running'";
    const string KeptSql = "select pull_id from models.pull where state in ('waiting', 'running', 'failed') and pull_id = any(@Ids)";

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var pull in await db.QueryAsync<PullRow>(RunningSql, null, cancel))
        {
            if (pull.JobId is { } job && await jobs.FindAsync(job, owner: null, cancel) is not { State: "queued" or "running" })
                await queue.EndAsync(pull.PullId, "failed", ModelsErrors.Stalled, null, cancel);
        }

        await queue.StartWaitingAsync(cancel);
        await SweepAsync(cancel);
    }

    async Task SweepAsync(CancellationToken cancel)
    {
        var place = await folder.GetAsync(cancel);
        var parts = Directory.GetFiles(place, ".*.part").Concat(Directory.GetDirectories(place, $".*{SpeechLibrary.Unfinished}"))
            .Select(path => (Path: path, Id: Guid.TryParseExact(System.IO.Path.GetFileNameWithoutExtension(path)[1..], "N", out var id) ? id : (Guid?)null))
            .Where(part => part.Id is not null && clock.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(part.Path) > Left).ToList();
        if (parts.Count == 0)
            return;
        var kept = (await db.QueryAsync<Guid>(KeptSql, new { Ids = parts.Select(part => part.Id!.Value).ToArray() }, cancel)).ToHashSet();
        foreach (var part in parts.Where(part => !kept.Contains(part.Id!.Value)))
            Delete(part.Path);
    }

    static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }
}
