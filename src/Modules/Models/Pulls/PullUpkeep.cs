using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;
using JeanTrail.Models.Library;
using JeanTrail.Models.Speech;

namespace JeanTrail.Models.Pulls;

/// <summary>Ends pulls whose job is over without having said so, starts those that wait, and sweeps up files that belong to none.</summary>
internal sealed class PullUpkeep(Db db, IJobs jobs, PullQueue queue, ModelFolder folder, TimeProvider clock) : IPeriodicTask
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>A command line writes nothing into the database; what it is at is not touched before so long.</summary>
    static readonly TimeSpan Left = TimeSpan.FromHours(6);

    const string RunningSql = $"select {PullRow.Columns} from models.pull where state = 'running'";
    const string OwnersSql = "select pull_id, state in ('waiting', 'running', 'failed') as kept from models.pull where pull_id = any(@Ids)";

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
            .Where(part => part.Id is not null).ToList();
        if (parts.Count == 0)
            return;
        var owners = (await db.QueryAsync<Owner>(OwnersSql, new { Ids = parts.Select(part => part.Id!.Value).ToArray() }, cancel)).ToDictionary(owner => owner.PullId, owner => owner.Kept);
        foreach (var part in parts.Where(part => !(owners.TryGetValue(part.Id!.Value, out var kept) ? kept : IsNew(part.Path))))
            Delete(part.Path);
    }

    bool IsNew(string path) => clock.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(path) < Left;

    static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    sealed record Owner(Guid PullId, bool Kept);
}
