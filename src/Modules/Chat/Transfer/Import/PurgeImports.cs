using JeanTrail.Kernel.Data;
using JeanTrail.Kernel.Jobs;

namespace JeanTrail.Chat.Transfer.Import;

/// <summary>Removes uploads that nobody came back for, and reports that are old.</summary>
internal sealed class PurgeImports(Db db, ImportUpload uploads, TimeProvider clock) : IPeriodicTask
{
    static readonly TimeSpan KeepUploads = TimeSpan.FromDays(2);
    static readonly TimeSpan KeepReports = TimeSpan.FromDays(90);

    const string UploadsSql = "select import_id as id, blob from chat.import where blob is not null and created_at < @Before limit 100";
    const string ForgetSql = "update chat.import set blob = null where import_id = @Id";
    const string ReportsSql = "delete from chat.import where created_at < @Before and state not in ('queued', 'running') and blob is null";

    public async Task RunAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        while (await db.QueryAsync<Upload>(UploadsSql, new { Before = now - KeepUploads }, cancel) is { Count: > 0 } old)
        {
            foreach (var (id, blob) in old)
            {
                await uploads.DeleteAsync(blob, cancel);
                await db.ExecuteAsync(ForgetSql, new { Id = id }, cancel);
            }
        }

        await db.ExecuteAsync(ReportsSql, new { Before = now - KeepReports }, cancel);
    }

    sealed record Upload(Guid Id, string Blob);
}
